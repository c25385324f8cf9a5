import type { IncomingMessage } from 'node:http';

/** The languages of the pages. */
export type Language = 'en' | 'zh';

/** Returns the language of `?lang=`, or without it the language that the browser prefers. Any language except Chinese gives English. */
export function languageOf(request: IncomingMessage, url: URL): Language {
  const preferred = url.searchParams.get('lang') ?? request.headers['accept-language'] ?? '';
  return /^zh\b/i.test(preferred) ? 'zh' : 'en';
}
