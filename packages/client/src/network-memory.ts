import { callGuarded, callNow } from '@everywire/protocol/internal';
import { REMEMBERED_MS } from './limits.js';
import type { TransportName } from './wire-client.js';

/** The part of `localStorage` that the memory uses. */
export type MemoryStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** Data remembered about a network (SN-14, SN-46). Contains no secrets, only a name, a duration and a size. */
interface Remembered {
  /** The transport that last proved to work. */
  readonly transport: TransportName;
  /** Duration of a two-way connect in milliseconds; absent if there was none. */
  readonly connectMs?: number | undefined;
  /** Maximum bytes of a body; absent if nothing was refused. */
  readonly bodyBytes?: number | undefined;
}

/** Remembers which transport works on a network. */
export interface NetworkMemory {
  /** Returns the remembered data; `undefined` if there is none or it is too old. */
  recall(): Remembered | undefined;
  /** Stores the data, best effort. */
  note(remembered: Remembered): void;
}

/** Returns the type of network as far as the browser states it: `wifi`, `cellular`, ...; otherwise empty. */
export function networkHint(): string {
  const { connection } = (globalThis.navigator ?? {}) as { readonly connection?: { readonly type?: string } };
  return connection?.type ?? '';
}

/**
 * Creates a memory with one entry for each server and network. The storage may be absent, full, forbidden or altered by
 * other scripts. If so, nothing is remembered.
 *
 * @param url the server's path prefix
 * @param wallClock returns milliseconds since the epoch, because the data outlives this page
 */
export function createNetworkMemory(
  url: string,
  storage: MemoryStorage | undefined,
  wallClock: () => number,
): NetworkMemory {
  const key = (): string => `everywire ${url} ${networkHint()}`;
  return {
    recall() {
      try {
        const { transport, connectMs, bodyBytes, until } = JSON.parse(
          callNow('getItem', () => storage?.getItem(key())) ?? '{}',
        );
        // Ignores an entry that expires too late, because a wrong clock wrote it and it might never expire.
        const fresh = until > wallClock() && until <= wallClock() + REMEMBERED_MS;
        if (!fresh || typeof transport !== 'string') return undefined;
        return {
          transport: transport as TransportName,
          connectMs: connectMs >= 0 ? Number(connectMs) : undefined,
          bodyBytes: bodyBytes > 0 ? Number(bodyBytes) : undefined,
        };
      } catch {
        return undefined;
      }
    },
    note(remembered) {
      const until = wallClock() + REMEMBERED_MS;
      // If the storage is full or forbidden, the next page must find out again which transport works.
      callGuarded(
        () => storage?.setItem(key(), JSON.stringify({ ...remembered, until })),
        () => undefined,
      );
    },
  };
}

/** Returns the page's storage; `undefined` if there is none or the browser forbids it by an exception. */
export function pageStorage(): MemoryStorage | undefined {
  try {
    return globalThis.document ? globalThis.localStorage : undefined;
  } catch {
    return undefined;
  }
}
