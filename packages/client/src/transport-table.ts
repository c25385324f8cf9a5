import type { ClientFacade, FirstStage, SecondStage, Shell } from './stages.js';
import type { TransportEntry, TransportModule } from './transport.js';
import type { WireClientOptions } from './wire-client.js';

/** The transports of a platform, best first, and the module loaded in parallel with the first link. */
export interface TransportTable {
  readonly rows: readonly TransportEntry[];
  /** Matches the names of the transports used by default. */
  readonly usual: RegExp;
  /** Loads the module. */
  readonly fallback: () => Promise<FallbackModule>;
  /** Replaces the default shell, for instance by one that records its session. */
  readonly shell?: new (
    url: string,
    table: TransportTable,
    options: WireClientOptions,
    socket: ClientFacade,
  ) => Shell;
}

/**
 * The module that contains what a page needs beyond its first WebSocket: POST requests and the second stage of the
 * session.
 */
export interface FallbackModule extends TransportModule {
  readonly SessionController: new (shell: FirstStage) => SecondStage;
}
