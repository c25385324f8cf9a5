import type { Message, OpenRecord, ServerLink, SessionRegistry } from '@everywire/protocol/internal';
import type { IdlePollThrottle } from '../http/idle-poll-throttle.js';
import type { TimerWheel } from '../timer-wheel.js';
import type { Tick } from './tick.js';

/** Facts about a client that requests a session, in addition to its `open` record. Not kept after use. */
export interface LinkFacts {
  /** The token of an `Authorization` header. A token in the record takes precedence. */
  readonly bearer: string | undefined;
  readonly origin: string | undefined;
  readonly remoteAddress: string;
}

/** A carrier that is registered so that a stopping server can wait for it or cut it. */
export interface LiveLink {
  /** Called when the server stops. A link without a session must end itself now. */
  leave(): void;
  /** Ends immediately. */
  destroy(): void;
}

/** The parts of the server that every kind of carrier uses. */
export interface LinkHost {
  readonly registry: SessionRegistry;
  readonly turn: Tick;
  readonly wheel: TimerWheel;
  readonly quiet: IdlePollThrottle;
  now(): number;
  /** Authenticates the client, then answers its `open` record on the link. */
  open(link: ServerLink, record: OpenRecord, messages: readonly Message[], facts: LinkFacts): void;
  /** Called when a link was cut because its peer did not read waiting data. */
  onSlowLink(): void;
  /** Called when a link is gone. */
  onLinkGone(link: LiveLink): void;
  /** Called when a request or a socket was refused for its content. `status`: the HTTP status or the close code. */
  onRefused(status: number, code: string): void;
}
