/** Selects the connections that a fault applies to; by default all. */
export interface FaultScope {
  /** `websocket`: connections that requested an Upgrade; `http`: the others. */
  readonly only?: 'websocket' | 'http';
  /** A part of the address of the connection's current request. */
  readonly path?: string;
}

/** `reset` sends a RST, which the other end reads as an error; `end` sends a FIN, which it reads as an orderly end. */
export type CutHow = 'reset' | 'end';

/**
 * A fault, in force from `inject` until it is lifted.
 *
 * - `cut` ends a connection `afterBytes` of the response, or `afterMs` after the request; for an opened WebSocket, both count
 *   from the end of the 101's head. After `times` cuts it lifts itself.
 * - `refuse` resets every new connection; open ones are unaffected.
 * - `silence` swallows both directions for ever: an open connection stays open and silent even when the fault is lifted, as behind a
 *   router that lost its state. Neither end gets a signal.
 * - `hold` holds back the data of currently open connections in both directions until it is lifted; then all of it is delivered,
 *   as after a time without a route. Later connections are not held.
 * - `delay` delays each piece by `ms`, plus or minus at most `jitterMs`, in order.
 * - `dribble` passes `bytes` at a time, each in a write of its own.
 * - `buffer` holds back the rest of responses in scope until they end, like a proxy that begins to buffer in the middle. Scope it to a
 *   stream: the end of a response of known length is not detected, only that of its connection.
 * - `withhold` gives new connections a proxy that forwards a response only when it is complete and does not support Upgrade.
 * - `block-upgrade` answers an Upgrade with 403, or strips the headers that ask for it.
 */
export type Fault =
  | (FaultScope & {
      readonly kind: 'cut';
      readonly how: CutHow;
      readonly afterBytes?: number;
      readonly afterMs?: number;
      readonly times?: number;
    })
  | { readonly kind: 'refuse' }
  | (FaultScope & { readonly kind: 'silence' })
  | (FaultScope & { readonly kind: 'hold' })
  | (FaultScope & { readonly kind: 'delay'; readonly ms: number; readonly jitterMs?: number })
  | (FaultScope & { readonly kind: 'dribble'; readonly bytes: number })
  | (FaultScope & { readonly kind: 'buffer' })
  | { readonly kind: 'withhold' }
  | { readonly kind: 'block-upgrade'; readonly how: 'forbid' | 'strip' };

/** Counts what the proxy did since it started, so that a test can prove that its fault occurred. */
export interface FaultCounters {
  /** Accepted connections, refused ones included. */
  connections: number;
  requests: number;
  /** Upgrades that the server answered with 101. */
  upgrades: number;
  cuts: number;
  refusals: number;
  silencedConnections: number;
  silencedBytes: number;
  heldConnections: number;
  /** Connections whose client got a RST while the server side stayed open. */
  halfOpened: number;
  delayedPieces: number;
  /** Writes of a part of a received piece. */
  dribbledWrites: number;
  /** Bytes received while a response was being buffered. */
  bufferedBytes: number;
  /** Responses that were complete before any part was forwarded. */
  withheldResponses: number;
  /** Bytes of held-back bodies, including those of responses that never ended. */
  withheldBytes: number;
  blockedUpgrades: number;
}

/** Creates counters at zero. */
export function createFaultCounters(): FaultCounters {
  return {
    connections: 0,
    requests: 0,
    upgrades: 0,
    cuts: 0,
    refusals: 0,
    silencedConnections: 0,
    silencedBytes: 0,
    heldConnections: 0,
    halfOpened: 0,
    delayedPieces: 0,
    dribbledWrites: 0,
    bufferedBytes: 0,
    withheldResponses: 0,
    withheldBytes: 0,
    blockedUpgrades: 0,
  };
}

/** The faults in force and the counters, shared by the proxy and its connections. */
export interface FaultBoard {
  readonly faults: Set<Fault>;
  readonly counters: FaultCounters;
}
