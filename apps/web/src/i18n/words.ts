import { errorCodes, type RestErrorCode } from '@everywire/chat';
import { type Language, usePreferences } from '../look/preferences.js';
import { en } from './en.js';
import { type Words, zh } from './zh.js';

const catalogues: Record<Language, Words> = { zh, en };

/** The catalogue of the language chosen now. */
export function useWords(): Words {
  const [preferences] = usePreferences();
  return catalogues[preferences.language];
}

export function wordsOf(language: Language): Words {
  return catalogues[language];
}

/** A code in words. English ones stand inside sentences and start small: `sentence` raises them. */
export function errorWords(words: Words, code: string): string {
  const known = isKnown(code) ? errorCodes[code][words === zh ? 'zh' : 'en'] : undefined;
  return words.errors[code] ?? known ?? words.errorUnknown(code);
}

function isKnown(code: string): code is RestErrorCode {
  return Object.hasOwn(errorCodes, code);
}

export function sentence(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
