import type { StateAt } from './lane-record.js';

/**
 * Draws the states of a lane as a strip of parts in order, each as wide as the state lasted. The label lists the last six for screen
 * readers.
 */
export function StateStrip({
  states,
  now,
  label,
}: {
  readonly states: readonly StateAt[];
  readonly now: number;
  readonly label: string;
}) {
  const from = states[0]?.at ?? 0;
  const whole = Math.max(1, now - from);
  const parts = states.map((state, index) => ({ ...state, ms: (states[index + 1]?.at ?? now) - state.at }));
  const described = parts
    .filter(({ ms }) => ms >= 1)
    .map(
      ({ state, readyState, transport, ms }) =>
        `${state} (${readyState}) ${transport ?? ''} ${(ms / 1_000).toFixed(1)} s`,
    );
  return (
    <div className="strip" role="img" aria-label={`${label}: ${described.slice(-6).join(', ')}`}>
      {parts.map(({ at, state, readyState, transport, reason, ms }) => (
        <span
          key={at}
          className={`state-${state}`}
          style={{ flexGrow: ms / whole }}
          title={`${state}, readyState ${readyState}${transport ? `, ${transport}` : ''}${reason ? `, ${reason}` : ''}`}
        />
      ))}
    </div>
  );
}
