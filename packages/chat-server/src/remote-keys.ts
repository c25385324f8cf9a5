import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { ChatServerLimits } from './limits.js';
import type { Log } from './log.js';

/** The keys are needed to judge a token and cannot be had now. It says nothing of the token. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

export interface RemoteKeysOptions {
  readonly url: string;
  readonly limits: Pick<ChatServerLimits, 'jwksFreshMs' | 'jwksAgainMs' | 'jwksTimeoutMs'>;
  readonly log: Pick<Log, 'warn' | 'info'>;
  /** Milliseconds of a clock that only goes forward. Default: that of the machine. */
  readonly now?: () => number;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch;
}

/**
 * A JSON Web Key Set at an address of the host application. Keys that were fetched once stay in use until others are fetched: an outage of
 * that address signs nobody out. Once they are older than `jwksFreshMs` they are fetched again before a token is judged by them, so that a key that was
 * withdrawn is refused; during an outage only one fetch in `jwksFreshMs` is waited for, and the others run in the background. They are also fetched at a token whose
 * key is unknown. An outage is logged once, and its end once.
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
   * The key that a token's header names.
   *
   * @throws KeysUnavailable where it may be a key that could not be fetched
   * @throws JOSEError where no key of the set is meant
   */
  readonly keyOf: JWTVerifyGetKey = async (header, token) => {
    const { jwksFreshMs, jwksAgainMs } = this.#options.limits;
    if (this.#keys !== null && this.#age() > jwksFreshMs) {
      const hasFailed = this.#failure !== null && this.#now() - this.#failure.at <= jwksFreshMs;
      // The failure is kept and logged by the fetch itself.
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

  /** One request at a time, and none within `jwksAgainMs` of one that failed: that failure is answered again. */
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
          this.#keys === null ? 'until they can, such tokens are answered with busy' : 'those of before stay in use';
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
    // What another address says is not pinned.
    const response = await fetchOf(url, { headers, signal, redirect: 'manual' });
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    return (await response.json()) as JSONWebKeySet;
  }
}

/** Of a failed fetch the reason stands in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error.cause instanceof Error ? error.cause.message : error.message;
}
