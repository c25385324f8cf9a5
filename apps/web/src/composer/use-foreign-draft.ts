import { useEffect, useState } from 'react';

interface DraftOwner {
  readonly draft: string;
  /** What is being edited is no draft, and no draft takes its place. */
  readonly editing: boolean;
  readonly setText: (text: string) => void;
}

/**
 * A draft from another device fills the field, but never one that somebody is writing in: it waits until the field is left. What was written
 * here is the draft already, so that nothing but another device's changes it.
 */
export function useForeignDraft({ draft, editing, setText }: DraftOwner) {
  const [focused, setFocused] = useState(false);
  useEffect(() => {
    if (!focused && !editing) setText(draft);
  }, [focused, editing, draft, setText]);
  return { onFocus: () => setFocused(true), onBlur: () => setFocused(false) };
}
