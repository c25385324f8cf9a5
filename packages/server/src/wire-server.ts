import type { Server as HttpServer } from 'node:http';
import type { Server as NetServer } from 'node:net';
import type { ServerRecording } from '@everywire/protocol';
import type { JsonValue } from '@everywire/protocol/internal';
import type { Broker } from './broker.js';
import type { FlashPolicy } from './flash-socket/wording.js';
import type { ServerLimits } from './limits.js';
import type { RawLink, RawLinkRequest } from './raw/raw-link.js';
import type { NodeIdentity } from './sessions/locator.js';
import type { Move } from './sessions/moves.js';
import type { Policy } from './sessions/policy.js';
import type { Claims, PublishOptions, SendData, WireSession } from './wire-session.js';

export interface AuthenticateRequest {
  /** The bearer token as it came in the `open` record or an Authorization header; `undefined` when there was none. */
  readonly token: string | undefined;
  /** Of who opens a session; absent and empty where a token is renewed. */
  readonly origin: string | undefined;
  readonly remoteAddress: string;
  /** Where the token of a living session is renewed: its claims so far (SN-21). */
  readonly renews?: Claims;
}

export interface WireServerOptions {
  /** Path prefix all transports live under. Default `/everywire`. */
  readonly path?: string;
  /** Exact origins (`https://chat.example.org`) that may connect besides the page's own. Default none. */
  readonly origins?: readonly string[];
  /**
   * Names by which browsers reach this server, without ports: `createWireServer` throws for one with a port. Where any is given, requests for another public name are refused with 421
   * `host_unknown`, so that no page uses the server through a name of its own (DNS rebinding). Addresses written as numbers, names without a dot,
   * names that no stranger can register, such as `.local`, and requests of `trustedProxies` are always accepted. Default none: every name is accepted.
   */
  readonly hosts?: readonly string[];
  readonly limits?: Partial<ServerLimits>;
  /**
   * Addresses and networks (`127.0.0.1`, `10.0.0.0/8`) of reverse proxies whose `X-Forwarded-For` is believed, and whose connections are
   * not counted by address. Default none: the address of the connection is the client's, whatever a header says.
   */
  readonly trustedProxies?: readonly string[];
  /** Which of several nodes this is: stands in each session id, sealed with the secret they share. Default: one that is alone. */
  readonly node?: NodeIdentity;
  /** Default: the in-process hub alone. */
  readonly broker?: Broker;
  /**
   * The broker lost contact and some publications may be missing, in any topic. Where this is given, the application notifies its
   * clients, for instance with time to spread their questions. Default: each member of each topic gets one `reset` (SN-26).
   */
  readonly onBrokerGap?: () => void;
  /**
   * Called once per session, before it exists, and with each token it renews. `null` refuses it with `unauthorized`; a living
   * session keeps what it has. Default: everyone, `{ subject: '' }`.
   */
  readonly authenticate?: (request: AuthenticateRequest) => Promise<Claims | null> | Claims | null;
  /**
   * Called for each session, to set its handlers. A promise is awaited before any message or request of the session is handled; what
   * comes meanwhile waits, bounded by the window. Where it throws or rejects, the session ends with `internal` and the notice
   * `handler_failed` says where. Anything else that it returns is ignored, so that a function in one line compiles.
   */
  readonly onSession: (session: WireSession) => unknown;
  /**
   * What the application keeps of a session that `wire.freeze` hands over, as plain data: `onRestore` gets it in the next process. Called when no
   * handler is at work. Where it throws, its session ends with `internal`. Default: `null`.
   */
  readonly onFreeze?: (session: WireSession) => JsonValue;
  /**
   * Called in place of `onSession` for a session that another process froze, to set its handlers again. It is in its topics, with what was given to
   * `join`; its claims are as they were, through JSON. A promise is awaited as in `onSession`. `wire.restore` asks for it.
   */
  readonly onRestore?: (session: WireSession, state: JsonValue) => unknown;
  /**
   * Whether handlers bear to see a message again, in another session with the same claims: then messages that came with the opening
   * are handled at once, a round trip earlier, and `onSession` is called for a session that nobody may confirm (SN-14). Default false.
   */
  readonly idempotent?: boolean;
  /**
   * Asked before each message and request of a client is handled, before a raw link joins a topic, and by `session.publish`
   * (SN-32). A refused request fails with the code; a refused message is settled without being handled, and its sender is told.
   * While a promise is pending the session's next message waits.
   */
  readonly policy?: Policy;
  /**
   * Which topics a raw link gets (SN-16), asked for each of them after `authenticate`; `null` or none refuses it. Default:
   * nobody is let in without our SDK.
   */
  readonly onRawLink?: (request: RawLinkRequest) => Promise<readonly string[] | null> | readonly string[] | null;
  /**
   * What a raw WebSocket sent, one message at a time: while a promise is pending nothing more is read of it. Default: it may only
   * listen, and a message closes it with 1003.
   */
  readonly onRawMessage?: (link: RawLink, data: string | Uint8Array) => void | Promise<void>;
  /** Whether the last messages of a topic are kept for raw event streams that come back. Default: none. */
  readonly hasHistory?: (topic: string) => boolean;
  /**
   * Whether plain TCP sockets are read and written past their streams where this Node allows it: faster, by parts of Node that
   * are not documented. Default true; false uses the public API alone, with the same behaviour.
   */
  readonly directSockets?: boolean;
  /**
   * Whether permessage-deflate is negotiated with WebSockets that offer it (SN-17). A message is compressed once for all who get it. Default
   * false: browsers then compress every message of theirs, however short, and each has to be decompressed here.
   */
  readonly deflate?: boolean;
  /** Who may connect to the raw TCP port from a Flash movie. Default: nobody, policy requests are not answered. */
  readonly flashPolicy?: FlashPolicy;
  /**
   * Whether pages may use JSONP with forms, for browsers that can do nothing else across origins: any script may ask, though without
   * a ticket, which only pages of `origins` can have got, it is told nothing. Default false.
   */
  readonly jsonp?: boolean;
  /** Milliseconds, monotonic. Default `performance.now`. */
  readonly now?: () => number;
  /** Something an operator should know; never contains payloads or secrets. */
  readonly onNotice?: (notice: { readonly code: string; readonly text: string }) => void;
}

/** Of one session, for whoever runs the server. */
export interface SessionPath {
  readonly session: WireSession;
  /** The latest twenty, oldest first. Empty for a session that is where it began, at its first attempt. */
  readonly moves: readonly Move[];
}

/** What a session lived through; it may have ended. */
export interface SessionRecording {
  /** As it is, or was when it ended: a session that has ended is not kept for its recording. */
  readonly session: Pick<WireSession, 'serial' | 'claims'>;
  /** As of now; each look makes it anew. */
  readonly recording: ServerRecording;
}

/** One session in a topic. */
export interface Member {
  readonly session: WireSession;
  /** As they are now: they may be renewed (SN-21). */
  readonly claims: Claims;
  /** What was given with `join`. */
  readonly info: unknown;
}

export interface MembersQuery {
  /** `next` of the page before. */
  readonly after?: number;
  /** At most `limits.membersPageMax`, which is the default. */
  readonly limit?: number;
}

/** Members in the order of their sessions' serials; who joins or leaves between two pages moves nobody else. */
export interface MembersPage {
  /** How many there are in all. */
  readonly count: number;
  readonly members: readonly Member[];
  /** Where the next page begins; `null` at the end. */
  readonly next: number | null;
}

/** Who came and who left in one turn of the event loop. */
export interface MembersChange {
  /** How many there are now. */
  readonly count: number;
  readonly joined: readonly Member[];
  readonly left: readonly Member[];
  /** False: more than `limits.memberChangesMax` changed, and some of them are not named. */
  readonly complete: boolean;
}

/** Hears what other nodes publish to one topic. */
export interface TopicListener {
  /** Called in the order of each publisher's calls. It must not throw. */
  onMessage(data: string | Uint8Array): void;
  /** Messages may have been missed. A gap that the server's `onBrokerGap` is told of is not repeated here. */
  onMissed(): void;
}

/** The transport server: attaches to any `http.Server`, serves every transport under one prefix. */
export interface WireServer {
  /** Takes over `upgrade` and `request` events under the prefix; all else is left to the server's other handlers. */
  attach(server: HttpServer): void;
  /**
   * Takes every connection of a server of `node:net`, or of `node:tls` once its handshake is done, as raw TCP: a hello line, then frames
   * (SN-17). The handshake's time is the TLS server's own (`handshakeTimeout`). Whoever made the server closes it.
   */
  attachTcp(server: NetServer): void;
  /**
   * Encoded once per encoding, gathered per turn, never waits. After `close` was called it checks what it is given, and reaches no session
   * of this node any more. To several topics it is one publish to each, in their order, and travels to other nodes once.
   *
   * @throws TypeError for what is not data, WireError `message_too_big`, `topic_invalid`; also where nobody is in the topic
   */
  publish(topic: string | readonly string[], data: SendData, options?: PublishOptions): void;
  /** Sessions in a topic, on this node. A page costs as much as the topic has members. */
  members(topic: string, query?: MembersQuery): MembersPage;
  /**
   * Tells who joins and leaves a topic on this node, once a turn. One listener a topic.
   *
   * @returns stops it. @throws WireError `topic_invalid`, `watched`, `too_many_watches`
   */
  watchMembers(topic: string, listener: (change: MembersChange) => void): () => void;
  /**
   * Hears what other nodes publish to a topic: by this an application on several nodes sends one message to each of them, which then decides whom of its own
   * sessions it concerns. What this node publishes is not among it. Without `broker` nothing comes. One listener a topic.
   *
   * @returns stops it. @throws WireError `topic_invalid`, `watched`
   */
  listen(topic: string, listener: TopicListener): () => void;
  /** Sessions whose claims match; for administration and revocation. Those that `onSession` is still to be told of too. */
  sessions(match?: (claims: Claims) => boolean): readonly WireSession[];
  /**
   * How sessions came to the transport they have, and what failed before as their clients say: why somebody is on long polling. Those of
   * other clients may say nothing.
   */
  explain(match?: (claims: Claims) => boolean): readonly SessionPath[];
  /**
   * What the sessions lived through whose claims said `recorded`: links, records, acknowledgements and timers with their times, lengths in
   * place of contents. The latest `limits.recordingsMax`, ended ones too, oldest first.
   */
  recordings(match?: (claims: Claims) => boolean): readonly SessionRecording[];
  /**
   * Ends every session and every raw link whose claims match, now, with `revoked`, and refuses those whose `authenticate` is still under way (SN-21).
   *
   * @returns how many sessions and raw links ended
   */
  revoke(match: (claims: Claims) => boolean): number;
  /** Raw links whose claims match. */
  rawLinks(match?: (claims: Claims) => boolean): readonly RawLink[];
  /**
   * How often each notice was due since the start, by its code, also those that `onNotice` was spared: for metrics. Codes are few and
   * stable.
   */
  counters(): Readonly<Record<string, number>>;
  /**
   * Hands the sessions over to another process, which `restore`s them (SN-24): nothing is lost, repeated or out of order, and no client hears of more than a
   * lost connection. New sessions are refused, and each one here stands still when its handlers have settled and its client has its replies. In the turn in which
   * this resolves they are forgotten here: what is sent to them afterwards is not accepted. Call `close` next, which ends with `shutdown` those that did not stand still.
   *
   * Who has the texts can go on with the sessions: they hold what was said and not acknowledged, and the claims. They may be used once, by one process.
   *
   * @param options `deadlineMs`: default and most useful `limits.freezeMs`
   * @returns a text a session
   */
  freeze(options?: { readonly deadlineMs?: number }): Promise<readonly string[]>;
  /**
   * Goes on with sessions that another process froze. Call it before `attach`. A text that is damaged, known or of another version is refused, with the notice
   * `snapshot_refused`: its session is `lost`.
   *
   * @param options `awayMs`: since they were frozen, which counts for their tokens and for how long they may be silent
   * @returns how many go on
   * @throws TypeError without `onRestore`
   */
  restore(frozen: Iterable<string>, options: { readonly awayMs: number }): number;
  /** Closes every session with `shutdown`, cleanly within the deadline, then ends what is left; resolves when no link remains. */
  close(options?: { readonly deadlineMs?: number }): Promise<void>;
}
