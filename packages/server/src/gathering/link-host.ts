import type { Message, OpenRecord, ServerLink, SessionRegistry } from '@everywire/protocol/internal';
import type { QuietPace } from '../http/quiet-pace.js';
import type { TickWheel } from '../tick-wheel.js';
import type { Turn } from './turn.js';

/** What is known of who asks for a session, besides what is in the record. Forgotten as soon as it was used. */
export interface LinkFacts {
  /** From an `Authorization` header; a token in the record goes before it. */
  readonly bearer: string | undefined;
  readonly origin: string | undefined;
  readonly remoteAddress: string;
}

/** A carrier that a stopping server has to wait for, or to cut. */
export interface LiveLink {
  /** The server stops: a link that carries no session ends now, as nobody else is going to end it. */
  leave(): void;
  /** Nothing is waited for any more. */
  destroy(): void;
}

/** What every kind of carrier needs of its server. */
export interface LinkHost {
  readonly registry: SessionRegistry;
  readonly turn: Turn;
  readonly wheel: TickWheel;
  readonly quiet: QuietPace;
  now(): number;
  /** Authenticates, then answers on the link. */
  open(link: ServerLink, record: OpenRecord, messages: readonly Message[], facts: LinkFacts): void;
  /** A peer did not take what waited for it, and its link was cut. */
  onSlowLink(): void;
  onLinkGone(link: LiveLink): void;
  /** A request or a socket was refused for what it said: with an HTTP status, or the code of a close frame. */
  onRefused(status: number, code: string): void;
}
