import type { ReactNode } from 'react';

interface OtherWayProps {
  readonly onClick: () => void;
  /** Its words. */
  readonly children: ReactNode;
}

/** Below a form: what one may do instead. */
export function OtherWay({ onClick, children }: OtherWayProps) {
  return (
    <p className="or">
      <button type="button" className="link" onClick={onClick}>
        {children}
      </button>
    </p>
  );
}
