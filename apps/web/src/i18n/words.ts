import { chatErrorCodes, type RestErrorCode } from '@everywire/chat';
import { type Language, usePreferences } from '../design/preferences.js';
import { en } from './en.js';
import { type Words, zh } from './zh.js';

const catalogues: Record<Language, Words> = { zh, en };

/** Returns the catalogue of the current language. */
export function useWords(): Words {
  const [preferences] = usePreferences();
  return catalogues[preferences.language];
}

/** Returns the catalogue of a language. */
export function wordsOf(language: Language): Words {
  return catalogues[language];
}

/**
 * Returns the text of an error code. English texts start in lower case, because they are used inside sentences; `sentence` capitalises
 * them.
 */
export function errorWords(words: Words, code: string): string {
  const known = isKnown(code) ? chatErrorCodes[code][words === zh ? 'zh' : 'en'] : undefined;
  return words.errors[code] ?? known ?? words.errorUnknown(code);
}

/** Returns whether a request that failed with this code may succeed when it is repeated. */
export function isRetryable(code: string): boolean {
  return !isKnown(code) || chatErrorCodes[code].retryable;
}

function isKnown(code: string): code is RestErrorCode {
  return Object.hasOwn(chatErrorCodes, code);
}

/** Returns a text with its first letter capitalised. */
export function sentence(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
