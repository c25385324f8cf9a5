import type { MessageRowView } from '@everywire/chat-client';
import { useMemo } from 'react';
import { useWords } from '../i18n/words.js';

/** Returns the names that a message mentions, as they occur in its text after an `@`. */
export function useMentionedNames(mentions: MessageRowView['mentions']): readonly string[] {
  const { everybodyNames } = useWords().messages;
  return useMemo(
    () => [
      ...(mentions?.people ?? []).map((one) => one.displayName),
      ...(mentions?.all === true ? everybodyNames : []),
    ],
    [mentions, everybodyNames],
  );
}
