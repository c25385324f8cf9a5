import { parseMarkdown, plainText } from '@everywire/markdown';
import { isVoiceName } from '../composer/voice-name.js';
import type { Words } from '../i18n/zh.js';

/** A preview shows a line or two, while a text may be 16 kB. */
const charactersMax = 200;

/** Returns a message as one line without Markdown. */
export function previewText(text: string, words: Words): string {
  if (isVoiceName(text)) return words.messages.voiceMessage;
  return oneLine(plainText(parseMarkdown(text.slice(0, charactersMax))));
}

/** Returns the start of a text as one line. */
export function oneLine(text: string): string {
  return text.slice(0, charactersMax).replace(/\s+/g, ' ');
}
