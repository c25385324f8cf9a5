import { Bird } from './bird.js';

/** Renders the drawing above the sign-in form. */
export function Sky() {
  return (
    <div className="sky">
      <svg viewBox="0 0 1600 220" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.6">
        <path d="M0 150Q400 232 800 200T1600 120" />
        <path d="M0 100Q400 196 800 172T1600 60" opacity=".35" />
        <Bird x={578} y={205.9} scale={1.3} />
        <Bird x={622} y={206} scale={1.1} back />
        <Bird x={1026} y={177.5} scale={1.3} />
        <Bird x={1250} y={156.4} scale={1.05} back />
        <Bird x={900} y={162.7} scale={0.95} />
      </svg>
    </div>
  );
}
