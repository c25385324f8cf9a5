import type { FastifyRateLimitStore } from '@fastify/rate-limit';

interface RequestCountsOptions {
  /** Keys remembered. */
  readonly cache?: number;
}

interface Count {
  readonly since: number;
  count: number;
}

/**
 * Requests of each key within a window, for the rate limit of REST, by the monotonic clock: the library's own counts go by the
 * system clock, and one that is set back by 30 days refuses an address for 30 days. At most `cache` keys are remembered; the least
 * recently used is forgotten, which only ever favours that key.
 */
export class RequestCounts implements FastifyRateLimitStore {
  readonly #options: RequestCountsOptions;
  /** Insertion order is order of use. */
  readonly #counts = new Map<string, Count>();
  readonly #groups = new Map<string, RequestCounts>();

  constructor(options: RequestCountsOptions) {
    this.#options = options;
  }

  incr(key: string, callback: (error: null, result: { current: number; ttl: number }) => void, windowMs: number): void {
    const now = performance.now();
    const known = this.#counts.get(key);
    const count = known === undefined || now - known.since >= windowMs ? { since: now, count: 0 } : known;
    count.count += 1;
    this.#counts.delete(key);
    this.#counts.set(key, count);
    const oldest = this.#counts.keys().next();
    if (this.#counts.size > (this.#options.cache ?? defaultKeysMax) && !oldest.done) this.#counts.delete(oldest.value);
    callback(null, { current: count.count, ttl: Math.ceil(count.since + windowMs - now) });
  }

  /**
   * The counts of a route: those of its group, which all routes of the group share. The library asks for each route, and hands over the route's limits, which its
   * types do not say.
   */
  child(limits: object): RequestCounts {
    const { groupId = '' } = limits as { readonly groupId?: string };
    const counts = this.#groups.get(groupId) ?? new RequestCounts(this.#options);
    if (groupId !== '') this.#groups.set(groupId, counts);
    return counts;
  }
}

/** As the library has it. */
const defaultKeysMax = 5_000;
