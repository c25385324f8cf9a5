import { withoutTokens } from './bearer-token.js';

const pathCharactersMax = 120;

/** What is known of a request when its answer has left. Neither headers nor bodies are here, so neither can be logged. */
export interface AccessRecord {
  readonly method: string;
  /** As it came: path and query. */
  readonly url: string;
  readonly status: number;
  readonly durationMs: number;
  readonly remoteAddress: string;
}

/** One line per request: the query is left out, control characters are escaped, and anything that looks like a token is removed. */
export function accessLine(record: AccessRecord): string {
  const path = (record.url.split('?')[0] ?? '').slice(0, pathCharactersMax);
  const safePath = withoutTokens(path).replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(character));
  return `${record.method} ${safePath} ${record.status} ${record.durationMs.toFixed(1)} ms ${record.remoteAddress}`;
}
