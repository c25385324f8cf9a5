import { type RefObject, useCallback, useRef, useState } from 'react';

/**
 * What stands in the field. `now` has it at once, before anything is drawn anew: a second tap finds nothing that the first has sent, and what
 * is sent late, once its files are up, takes away no more than was said.
 */
export function useText(first: string): {
  readonly text: string;
  readonly now: RefObject<string>;
  readonly setText: (next: string) => void;
} {
  const [text, show] = useState(first);
  const now = useRef(first);
  const setText = useCallback((next: string) => {
    now.current = next;
    show(next);
  }, []);
  return { text, now, setText };
}

/** What was written since: after what was said, or instead of it. */
export function withoutSaid(text: string, said: string): string {
  const written = text.trimStart();
  return written.startsWith(said) ? written.slice(said.length).trimStart() : text;
}
