import type { MessageRowView } from '@everywire/chat-client';
import { saidBy } from './said-by.js';
import { splitMentions } from './split-mentions.js';
import { useMentionedNames } from './use-mentioned-names.js';

/**
 * A message in one line. As in its bubble, a name that it calls has a direction of its own: under `dir="auto"` the line has that of the
 * words around it.
 */
export function RowLine({ row }: { readonly row: Pick<MessageRowView, 'text' | 'files' | 'mentions'> }) {
  const names = useMentionedNames(row.mentions);
  return splitMentions(saidBy(row), names).map(({ at, text, called }) => (called ? <bdi key={at}>{text}</bdi> : text));
}
