import { withoutTokens } from './bearer-token.js';

const PATH_CHARACTERS_MAX = 120;

/** A request whose answer has been sent. Contains neither headers nor bodies, so that the log cannot reveal them. */
export interface AccessRecord {
  readonly method: string;
  /** The path and query as received. */
  readonly url: string;
  readonly status: number;
  readonly durationMs: number;
  readonly remoteAddress: string;
}

/**
 * Formats one log line for a request: omits the query, escapes control characters, and removes anything that looks like
 * a token.
 */
export function accessLine(record: AccessRecord): string {
  const path = (record.url.split('?')[0] ?? '').slice(0, PATH_CHARACTERS_MAX);
  const safePath = withoutTokens(path).replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(character));
  return `${record.method} ${safePath} ${record.status} ${record.durationMs.toFixed(1)} ms ${record.remoteAddress}`;
}
