import { type RefObject, useCallback, useRef, useState } from 'react';

/**
 * Holds the text of the field. `now` changes synchronously, before the next render: a second tap finds the field empty, and a message sent
 * late, after its uploads, removes only its own text.
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

/** Returns the text without the sent text at its start. Unchanged if it does not start with it. */
export function withoutSentText(text: string, said: string): string {
  const written = text.trimStart();
  return written.startsWith(said) ? written.slice(said.length).trimStart() : text;
}
