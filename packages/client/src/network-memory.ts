import { rememberedMs } from './limits.js';
import type { TransportName } from './wire-client.js';

/** What `localStorage` has of this. */
export type MemoryStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** What is worth knowing of a network the next time (SN-14, SN-46). No secret: a name, a duration and a size. */
interface Remembered {
  /** The transport that proved its life last. */
  readonly transport: TransportName;
  /** How long a two-way connect took, milliseconds; absent where none did. */
  readonly connectMs?: number | undefined;
  /** Bytes that a body may bring; absent where nothing was refused. */
  readonly bodyBytes?: number | undefined;
}

export interface NetworkMemory {
  /** `undefined` where nothing is known, or it is too old. */
  recall(): Remembered | undefined;
  note(remembered: Remembered): void;
}

/** As far as the browser tells one network from another: `wifi`, `cellular`, ...; empty where it does not. */
export function networkHint(): string {
  const { connection } = (globalThis.navigator ?? {}) as { readonly connection?: { readonly type?: string } };
  return connection?.type ?? '';
}

/**
 * Remembers, for each server and network, what got through, in a storage that may be absent, full, forbidden or written by
 * anybody: whatever goes wrong there, nothing is remembered.
 *
 * @param url the server's path prefix
 * @param wallClock milliseconds since the epoch: what is remembered outlives this page
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
        const { transport, connectMs, bodyBytes, until } = JSON.parse(storage?.getItem(key()) ?? '{}');
        // A clock that was wrong when it was written must not make it last.
        const fresh = until > wallClock() && until <= wallClock() + rememberedMs;
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
      try {
        storage?.setItem(key(), JSON.stringify({ ...remembered, until: wallClock() + rememberedMs }));
      } catch {
        // Full, or forbidden since: the next page finds out by itself.
      }
    },
  };
}

/** The page's own storage; reading the property throws where the browser forbids it. */
export function pageStorage(): MemoryStorage | undefined {
  try {
    return globalThis.document ? globalThis.localStorage : undefined;
  } catch {
    return undefined;
  }
}
