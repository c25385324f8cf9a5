import type { ClientOptions } from '@everywire/protocol/internal';
import type { createChooser } from './chooser.js';
import type { TransportModule, TransportRow } from './transport.js';

/** What a platform offers: its transports, best first, and what is loaded at the first failure. */
export interface TransportTable {
  readonly rows: readonly TransportRow[];
  readonly fallback: () => Promise<FallbackModule>;
}

/** What a page needs once its WebSocket does not do: a POST, the machine's part that travels by requests, and the choice. */
export interface FallbackModule extends TransportModule {
  readonly createRequests: NonNullable<ClientOptions['requests']>;
  readonly createChooser: typeof createChooser;
}
