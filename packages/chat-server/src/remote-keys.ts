import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { ChatServerLimits } from './limits.js';
import type { Logger } from './logger.js';

/** Thrown if the keys needed to verify a token cannot be fetched now. The token may be valid or not. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/** Options of `RemoteKeys`. */
export interface RemoteKeysOptions {
  readonly url: string;
  readonly limits: Pick<ChatServerLimits, 'jwksFreshMs' | 'jwksAgainMs' | 'jwksTimeoutMs'>;
  readonly log: Pick<Logger, 'warn' | 'info'>;
  /** Returns milliseconds of a monotonic clock. Default: that of the machine. */
  readonly now?: () => number;
  /** Default: the platform's `fetch`. */
  readonly fetch?: typeof fetch;
}

/**
 * Fetches and caches a JSON Web Key Set of the host application. Fetched keys stay in use until others are fetched, so
 * an outage signs no user out. Keys older than `jwksFreshMs` are fetched again before they verify a token, so that a
 * withdrawn key is refused. During an outage, only one request per `jwksFreshMs` waits for a fetch; other fetches
 * run in the background. A token with an unknown key causes a fetch too. Logs an outage once, and its end once.
 */
export class RemoteKeys {
  readonly #options: RemoteKeysOptions;
  readonly #now: () => number;
  #keys: JWTVerifyGetKey | null = null;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #failure: { readonly at: number; readonly error: KeysUnavailable } | null = null;
  #underWay: Promise<JWTVerifyGetKey> | null = null;

  constructor(options: RemoteKeysOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * Returns the key that a token's header names.
   *
   * @throws KeysUnavailable if the key may be one that could not be fetched
   * @throws JOSEError if no key of the set matches
   */
  readonly keyOf: JWTVerifyGetKey = async (header, token) => {
    const { jwksFreshMs, jwksAgainMs } = this.#options.limits;
    if (this.#keys !== null && this.#age() > jwksFreshMs) {
      const hasFailed = this.#failure !== null && this.#now() - this.#failure.at <= jwksFreshMs;
      // The fetch itself records and logs its failure.
      const fetching = this.#fetch().catch(() => undefined);
      if (!hasFailed) await fetching;
    }
    const keys = this.#keys ?? (await this.#fetch());
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || this.#age() < jwksAgainMs) throw error;
    }
    const fetched = await this.#fetch();
    return fetched(header, token);
  };

  #age(): number {
    return this.#now() - this.#fetchedAt;
  }

  /** Fetches the keys. One request runs at a time; within `jwksAgainMs` of a failure, rejects with that failure. */
  #fetch(): Promise<JWTVerifyGetKey> {
    const { jwksAgainMs } = this.#options.limits;
    if (this.#failure !== null && this.#now() - this.#failure.at < jwksAgainMs)
      return Promise.reject(this.#failure.error);
    this.#underWay ??= this.#request().finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  async #request(): Promise<JWTVerifyGetKey> {
    const { url, log } = this.#options;
    try {
      const keys = createLocalJWKSet(await this.#read());
      if (this.#failure !== null) log.info(`The keys of signed tokens can be fetched again from ${url}.`);
      this.#failure = null;
      this.#fetchedAt = this.#now();
      this.#keys = keys;
      return keys;
    } catch (cause) {
      const error = new KeysUnavailable(`No keys from ${url}`, { cause });
      if (this.#failure === null) {
        const meanwhile =
          this.#keys === null ? 'until they can, such tokens are answered with busy' : 'the previous ones stay in use';
        log.warn(`The keys of signed tokens cannot be fetched from ${url} (${reasonOf(cause)}); ${meanwhile}.`);
      }
      this.#failure = { at: this.#now(), error };
      throw error;
    }
  }

  async #read(): Promise<JSONWebKeySet> {
    const { url, limits, fetch: fetchOf = fetch } = this.#options;
    const signal = AbortSignal.timeout(limits.jwksTimeoutMs);
    const headers = { accept: 'application/json, application/jwk-set+json' };
    // Redirects are not followed, because only this address is trusted.
    const response = await fetchOf(url, { headers, signal, redirect: 'manual' });
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    return (await response.json()) as JSONWebKeySet;
  }
}

/** Returns the reason of a failure; a failed fetch has it in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error.cause instanceof Error ? error.cause.message : error.message;
}
