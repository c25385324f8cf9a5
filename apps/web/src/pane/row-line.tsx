import type { MessageRowView } from '@everywire/chat-client';
import { useWords } from '../i18n/words.js';
import { messageLine } from './message-line.js';
import { splitMentions } from './split-mentions.js';
import { useMentionedNames } from './use-mentioned-names.js';

/**
 * Renders a message as one line. Mentioned names are isolated, so that under `dir="auto"` the surrounding text sets the line's direction.
 */
export function RowLine({ row }: { readonly row: Pick<MessageRowView, 'text' | 'files' | 'mentions'> }) {
  const words = useWords();
  const names = useMentionedNames(row.mentions);
  return splitMentions(messageLine(row, words), names).map(({ at, text, called }) =>
    called ? <bdi key={at}>{text}</bdi> : text,
  );
}
