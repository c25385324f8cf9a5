import type { FirstStage, SecondStage } from './stages.js';
import type { TransportModule, TransportRow } from './transport.js';

/** What a platform offers: its transports, best first, and what is loaded beside the first. */
export interface TransportTable {
  readonly rows: readonly TransportRow[];
  /** The names of those that are used where the application names none. */
  readonly usual: RegExp;
  readonly fallback: () => Promise<FallbackModule>;
}

/** What a page needs once its first WebSocket does not do: a POST, and the second stage of the session. */
export interface FallbackModule extends TransportModule {
  readonly SessionCare: new (shell: FirstStage) => SecondStage;
}
