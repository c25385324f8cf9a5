import type { MessageRowView } from '@everywire/chat-client';
import { useMemo } from 'react';
import { useWords } from '../i18n/words.js';

/** The names that a message calls, as they stand in its text behind an `@`. */
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
