/** Which connections a fault falls on. Without any, all of them. */
export interface FaultScope {
  /** `websocket`: those that asked for an Upgrade; `http`: the others. */
  readonly only?: 'websocket' | 'http';
  /** A part of the address of the request the connection is busy with. */
  readonly path?: string;
}

/** `reset` sends a RST, so that the other end reads an error; `end` a FIN, so that it reads an end in good order. */
export type CutHow = 'reset' | 'end';

/**
 * One thing that goes wrong, from `inject` until it is lifted.
 *
 * - `cut` ends a connection `afterBytes` of the response, or `afterMs` after the request; of an opened WebSocket both count
 *   from the end of the 101's head. `times` lifts it by itself after so many cuts.
 * - `refuse` resets every new connection; it falls on no open one.
 * - `silence` swallows both ways for ever: an open connection stays open and mute even when the fault is lifted, as behind a
 *   router that lost its state. Nobody is told of anything.
 * - `hold` keeps back what goes over the connections that are open now, both ways, until it is lifted; then all of it is passed on,
 *   as after a time without a route. Connections made meanwhile are not held.
 * - `delay` holds each piece back for `ms`, more or less by at most `jitterMs`, order kept.
 * - `dribble` passes `bytes` at a time, each in a write of its own.
 * - `buffer` keeps back what a response brings from here on, in scope, until the response ends: a proxy that begins to buffer in
 *   the middle. Scope it to a stream: of an answer of known length the end is not seen, only that of its connection.
 * - `withhold` gives new connections a proxy that passes a response on only when it is complete, and knows no Upgrade.
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

/** What the proxy really did since it began, so that a test can show that its fault happened. */
export interface FaultCounters {
  /** Connections taken in, refused ones included. */
  connections: number;
  requests: number;
  /** Upgrades that the server answered with 101. */
  upgrades: number;
  cuts: number;
  refusals: number;
  silencedConnections: number;
  silencedBytes: number;
  heldConnections: number;
  /** Connections whose client got a RST while the server heard nothing. */
  halfOpened: number;
  delayedPieces: number;
  /** Writes that were a part of what came. */
  dribbledWrites: number;
  /** Bytes that came while a response was being buffered. */
  bufferedBytes: number;
  /** Responses that were complete before any of it was passed on. */
  withheldResponses: number;
  /** Bytes of bodies held back in all, of responses that never ended too. */
  withheldBytes: number;
  blockedUpgrades: number;
}

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

/** The faults in force, and what they are counted in. One object, shared by the proxy and its connections. */
export interface FaultBoard {
  readonly faults: Set<Fault>;
  readonly counters: FaultCounters;
}
