import type { ReactNode } from 'react';

interface AlternativeLinkProps {
  readonly onClick: () => void;
  /** The label. */
  readonly children: ReactNode;
}

/** Renders a link below a form to an alternative. */
export function AlternativeLink({ onClick, children }: AlternativeLinkProps) {
  return (
    <p className="or">
      <button type="button" className="link" onClick={onClick}>
        {children}
      </button>
    </p>
  );
}
