import { useEffect, useState } from 'react';

interface DraftOwner {
  readonly draft: string;
  /** True while a message is edited. The edited text is not a draft, and a draft must not replace it. */
  readonly editing: boolean;
  readonly setText: (text: string) => void;
}

/**
 * Shows a draft from another device in the field, but defers it while the field has the focus. Text typed here is already stored as the
 * draft, so only another device changes it.
 */
export function useRemoteDraft({ draft, editing, setText }: DraftOwner) {
  const [focused, setFocused] = useState(false);
  useEffect(() => {
    if (!focused && !editing) setText(draft);
  }, [focused, editing, draft, setText]);
  return { onFocus: () => setFocused(true), onBlur: () => setFocused(false) };
}
