import type { Message, OpenRecord, ServerLink, SessionRegistry } from '@everywire/protocol/internal';
import type { IdlePollThrottle } from '../http/idle-poll-throttle.js';
import type { TimerWheel } from '../timer-wheel.js';
import type { Tick } from './tick.js';

/** Facts about a client that requests a session, in addition to the record. Not kept after use. */
export interface LinkFacts {
  /** From an `Authorization` header; a token in the record takes precedence. */
  readonly bearer: string | undefined;
  readonly origin: string | undefined;
  readonly remoteAddress: string;
}

/** A carrier that a stopping server must wait for or cut. */
export interface LiveLink {
  /** The server stops: a link without a session must end itself now. */
  leave(): void;
  /** Ends immediately. */
  destroy(): void;
}

/** What every kind of carrier needs of its server. */
export interface LinkHost {
  readonly registry: SessionRegistry;
  readonly turn: Tick;
  readonly wheel: TimerWheel;
  readonly quiet: IdlePollThrottle;
  now(): number;
  /** Authenticates, then answers on the link. */
  open(link: ServerLink, record: OpenRecord, messages: readonly Message[], facts: LinkFacts): void;
  /** Called when a link was cut because its peer did not read waiting data. */
  onSlowLink(): void;
  /** Called when a link is gone. */
  onLinkGone(link: LiveLink): void;
  /** Called when a request or a socket was refused for its content: with an HTTP status, or a close code. */
  onRefused(status: number, code: string): void;
}
