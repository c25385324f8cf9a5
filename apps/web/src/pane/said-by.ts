import type { MessageRowView } from '@everywire/chat-client';
import { parseMarkdown, plainText } from '@everywire/markdown';

/** A message in one line, whatever it has. */
export function saidBy({ text, files }: Pick<MessageRowView, 'text' | 'files'>): string {
  return oneLine(text) || files.map((file) => file.name).join(', ');
}

/** Only what a line can show, without marks of Markdown. */
function oneLine(text: string): string {
  return plainText(parseMarkdown(text.slice(0, 200))).replace(/\s+/g, ' ');
}
