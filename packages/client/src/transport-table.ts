import type { Face, FirstStage, SecondStage, Shell } from './stages.js';
import type { TransportModule, TransportRow } from './transport.js';
import type { WireClientOptions } from './wire-client.js';

/** What a platform offers: its transports, best first, and what is loaded beside the first. */
export interface TransportTable {
  readonly rows: readonly TransportRow[];
  /** The names of those that are used where the application names none. */
  readonly usual: RegExp;
  readonly fallback: () => Promise<FallbackModule>;
  /** Another than the usual one: it listens to what its session lives through. */
  readonly shell?: new (
    url: string,
    table: TransportTable,
    options: WireClientOptions,
    face: Face,
  ) => Shell;
}

/** What a page needs once its first WebSocket does not do: a POST, and the second stage of the session. */
export interface FallbackModule extends TransportModule {
  readonly SessionCare: new (shell: FirstStage) => SecondStage;
}
