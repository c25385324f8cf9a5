import type { MessageRowView } from '@everywire/chat-client';
import { parseMarkdown, plainText } from '@everywire/markdown';

/** Returns a message as one line: its text, otherwise its file names. */
export function messageLine({ text, files }: Pick<MessageRowView, 'text' | 'files'>): string {
  return oneLine(text) || files.map((file) => file.name).join(', ');
}

/** Returns the start of a text as one line without Markdown. */
function oneLine(text: string): string {
  return plainText(parseMarkdown(text.slice(0, 200))).replace(/\s+/g, ' ');
}
