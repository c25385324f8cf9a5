import { parseMarkdown, plainText } from '@everywire/markdown';
import { isVoiceName } from '../composer/voice-name.js';
import type { Words } from '../i18n/zh.js';

/** Only what a line or two can show: a text may be 16 kB. */
const charactersMax = 200;

/** A message in one line, without its Markdown. */
export function previewText(text: string, words: Words): string {
  if (isVoiceName(text)) return words.messages.voiceMessage;
  return oneLine(plainText(parseMarkdown(text.slice(0, charactersMax))));
}

export function oneLine(text: string): string {
  return text.slice(0, charactersMax).replace(/\s+/g, ' ');
}
