import type { IncomingMessage } from 'node:http';

export type Language = 'en' | 'zh';

/** Returns the language of `?lang=`, else the one that the browser prefers. */
export function languageOf(request: IncomingMessage, url: URL): Language {
  const asked = url.searchParams.get('lang') ?? request.headers['accept-language'] ?? '';
  return /^zh\b/i.test(asked) ? 'zh' : 'en';
}
