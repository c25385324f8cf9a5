import type { PreviewFile } from '@everywire/chat-client';
import { parseMarkdown, plainText } from '@everywire/markdown';
import type { Words } from '../i18n/zh.js';
import { filesLine } from '../pane/files-line.js';

/** A preview shows a line or two, while a text may be 16 kB. */
const CHARACTERS_MAX = 200;

/** Returns a message as one line: its text without Markdown, otherwise its files. */
export function previewText(
  { text, files }: { readonly text: string; readonly files?: readonly PreviewFile[] | undefined },
  words: Words,
): string {
  if (files !== undefined) return filesLine(files, words);
  return oneLine(plainText(parseMarkdown(text.slice(0, CHARACTERS_MAX))));
}

/** Returns the start of a text as one line. */
export function oneLine(text: string): string {
  return text.slice(0, CHARACTERS_MAX).replace(/\s+/g, ' ');
}
