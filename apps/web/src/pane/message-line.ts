import type { MessageRowView } from '@everywire/chat-client';
import { parseMarkdown, plainText } from '@everywire/markdown';
import type { Words } from '../i18n/zh.js';
import { filesLine } from './files-line.js';

/** Returns a message as one line: its text, otherwise its files. */
export function messageLine({ text, files }: Pick<MessageRowView, 'text' | 'files'>, words: Words): string {
  return oneLine(text) || filesLine(files, words);
}

/** Returns the start of a text as one line without Markdown. */
function oneLine(text: string): string {
  return plainText(parseMarkdown(text.slice(0, 200))).replace(/\s+/g, ' ');
}
