import type { ReactNode } from 'react';

interface OtherWayProps {
  readonly onClick: () => void;
  /** The label. */
  readonly children: ReactNode;
}

/** Renders a link below a form to an alternative. */
export function OtherWay({ onClick, children }: OtherWayProps) {
  return (
    <p className="or">
      <button type="button" className="link" onClick={onClick}>
        {children}
      </button>
    </p>
  );
}
