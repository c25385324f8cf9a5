import type { FastifyRateLimitStore } from '@fastify/rate-limit';

interface RequestCountsOptions {
  /** Maximum number of keys whose requests are counted. */
  readonly cache?: number;
}

/** The number of requests of one key since the start of its window. */
interface Count {
  readonly since: number;
  count: number;
}

/**
 * Counts requests of each key within a window, for the rate limit of REST. Uses the monotonic clock, because with the
 * library's own counts, a system clock that is set back by 30 days would block an address for 30 days. Keeps at most
 * `cache` keys and evicts the least recently used, which only favours that key.
 */
export class RequestCounts implements FastifyRateLimitStore {
  readonly #options: RequestCountsOptions;
  /** The counts by key, least recently used first. */
  readonly #counts = new Map<string, Count>();
  readonly #groups = new Map<string, RequestCounts>();

  constructor(options: RequestCountsOptions) {
    this.#options = options;
  }

  /** Counts a request. Calls back with the count, and the milliseconds until its window ends. */
  incr(key: string, callback: (error: null, result: { current: number; ttl: number }) => void, windowMs: number): void {
    const now = performance.now();
    const known = this.#counts.get(key);
    const count = known === undefined || now - known.since >= windowMs ? { since: now, count: 0 } : known;
    count.count += 1;
    this.#counts.delete(key);
    this.#counts.set(key, count);
    const oldest = this.#counts.keys().next();
    if (this.#counts.size > (this.#options.cache ?? DEFAULT_KEYS_MAX) && !oldest.done)
      this.#counts.delete(oldest.value);
    callback(null, { current: count.count, ttl: Math.ceil(count.since + windowMs - now) });
  }

  /**
   * Returns the counts of a route's group, which all its routes share. The library calls it for each route, with the
   * route's limits, which its types omit.
   */
  child(limits: object): RequestCounts {
    const { groupId = '' } = limits as { readonly groupId?: string };
    const counts = this.#groups.get(groupId) ?? new RequestCounts(this.#options);
    if (groupId !== '') this.#groups.set(groupId, counts);
    return counts;
  }
}

/** The library's default. */
const DEFAULT_KEYS_MAX = 5_000;
