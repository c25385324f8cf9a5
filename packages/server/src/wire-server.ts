import type { Server as HttpServer } from 'node:http';
import type { Server as NetServer } from 'node:net';
import type { ServerRecording } from '@everywire/protocol';
import type { JsonValue } from '@everywire/protocol/internal';
import type { Broker } from './broker.js';
import type { FlashPolicy } from './flash-socket/wording.js';
import type { ServerLimits } from './limits.js';
import type { RawLink, RawLinkRequest } from './raw/raw-link.js';
import type { NodeIdentity } from './sessions/locator.js';
import type { Policy } from './sessions/policy.js';
import type { TransportChange } from './sessions/transport-history.js';
import type { Claims, PublishOptions, SendData, WireSession } from './wire-session.js';

/** A request to `authenticate`. */
export interface AuthenticateRequest {
  /** The bearer token of the `open` record or of an Authorization header; `undefined` if there was none. */
  readonly token: string | undefined;
  /** Origin of the page that opens a session; `undefined` for a client that is not a page, and when a token is renewed. */
  readonly origin: string | undefined;
  /** Address of the client that opens a session; empty when a token is renewed. */
  readonly remoteAddress: string;
  /** The current claims of the session, if the request renews the token of an existing session (SN-21). */
  readonly renews?: Claims;
}

/** Options of `createWireServer`. */
export interface WireServerOptions {
  /** Path prefix of all transports. Default `/everywire`. */
  readonly path?: string;
  /** Exact origins (`https://chat.example.org`, `capacitor://localhost`) that may connect, in addition to the page's own. Default none. */
  readonly origins?: readonly string[];
  /**
   * Host names of this server in browsers, without ports: `createWireServer` throws for a port. If set, requests for another
   * public name are refused with 421 `host_unknown`, so that no page reaches the server under a name of its own (DNS rebinding).
   * Numeric addresses, names without a dot, names that cannot be registered, such as `.local`, and requests of `trustedProxies`
   * are always accepted. Default: all names are accepted.
   */
  readonly hosts?: readonly string[];
  readonly limits?: Partial<ServerLimits>;
  /**
   * Addresses and networks (`127.0.0.1`, `10.0.0.0/8`) of reverse proxies whose `X-Forwarded-For` is trusted and whose
   * connections are not counted by address; `unix` names every peer over a Unix socket. Default none: the address of the
   * connection is the client's, and the header is ignored. An element may have a port and quotes; one without an address
   * is reported (`forwarded_invalid`), and its client gets the address of the proxy, which is empty for `unix`.
   */
  readonly trustedProxies?: readonly string[];
  /**
   * Identity of this node among several. It is part of each session id, signed with the shared secret. Default: a single node.
   */
  readonly node?: NodeIdentity;
  /** Carries publications between nodes (server processes). Default: publications reach only the sessions of this process. */
  readonly broker?: Broker;
  /**
   * Called after the broker lost contact, when publications may be missing in any topic. If set, the application must notify its
   * clients, for example spread over time. Default: each member of each topic gets one `reset`, which means that the client must load
   * the topic's state again (SN-26).
   */
  readonly onBrokerGap?: () => void;
  /**
   * Returns the claims (facts about the user) for a token. Called before each session exists, and with each renewed token. `null`
   * refuses with `unauthorized`; an existing session then keeps its claims. Default: accepts all clients with `{ subject: '' }`.
   */
  readonly authenticate?: (request: AuthenticateRequest) => Promise<Claims | null> | Claims | null;
  /**
   * Called for each session, to set its handlers. Messages and requests wait for a returned promise, bounded by the window. If it
   * throws or rejects, the session ends with `internal`, and the notice `handler_failed` reports the place. Other return values
   * are ignored, so that one-line functions compile.
   */
  readonly onSession: (session: WireSession) => unknown;
  /**
   * Returns the application's state of a session that `wire.freeze` hands over, as plain data for `onRestore` in the next
   * process. Called while no handler is running. If it throws, the session ends with `internal`. Default: `null`.
   */
  readonly onFreeze?: (session: WireSession) => JsonValue;
  /**
   * Called instead of `onSession` for a session that another process froze, to set its handlers again. The session is in its
   * topics, with the `info` of `join`, and has its claims, both after a pass through JSON. A promise is awaited as in
   * `onSession`. `wire.restore` requires it.
   */
  readonly onRestore?: (session: WireSession, state: JsonValue) => unknown;
  /**
   * Whether handlers tolerate that a message is repeated in another session with the same claims. If true, messages in the opening
   * request are handled immediately, one round trip earlier. `onSession` is then also called for sessions whose client never receives
   * the answer (SN-14). Default false.
   */
  readonly idempotent?: boolean;
  /**
   * Called before each message and request of a client is handled, before a raw link joins a topic or a client of Socket.IO enters
   * a namespace, and by `session.publish` (SN-32). A refused request fails with the code. A refused message is settled without being
   * handled, and its sender is notified, if its protocol permits. The client's next message waits for a pending promise.
   */
  readonly policy?: Policy;
  /**
   * Returns the topics of a raw link, which is a plain `WebSocket` or `EventSource` without the client library (SN-16). Called for each
   * raw link after `authenticate`; `null` or an empty list refuses the link. Default: no raw link is accepted.
   */
  readonly onRawLink?: (request: RawLinkRequest) => Promise<readonly string[] | null> | readonly string[] | null;
  /**
   * Receives the messages of raw WebSockets one at a time: nothing more is read while a promise is pending. Default: raw
   * WebSockets only listen, and a message closes them with 1003.
   */
  readonly onRawMessage?: (link: RawLink, data: string | Uint8Array) => void | Promise<void>;
  /** Returns whether the last messages of a topic are kept for raw event streams that reconnect. Default: never. */
  readonly hasHistory?: (topic: string) => boolean;
  /**
   * Whether plain TCP sockets bypass their streams, if this Node version supports it. This is faster, but uses undocumented parts of
   * Node. Default true; false uses only the public API, with the same behaviour.
   */
  readonly directSockets?: boolean;
  /**
   * Whether permessage-deflate, the compression of WebSockets, is negotiated (SN-17). A message is compressed once for all receivers.
   * Default false, because with it browsers compress all their messages, however short, and the server must decompress each.
   */
  readonly deflate?: boolean;
  /** The Flash movies that may connect to the raw TCP port. Default: none; policy requests are not answered. */
  readonly flashPolicy?: FlashPolicy;
  /**
   * Whether pages may use JSONP with forms, for browsers without another cross-origin transport. Any page can then send requests, but
   * a page gets data only with a ticket, which only pages of `origins` can have. Default false.
   */
  readonly jsonp?: boolean;
  /** Returns monotonic milliseconds. Default `performance.now`. */
  readonly now?: () => number;
  /** Receives messages for the operator. They never contain payloads or secrets. */
  readonly onNotice?: (notice: { readonly code: string; readonly text: string }) => void;
}

/** The transports of one session over time, for the operator. */
export interface SessionPath {
  readonly session: WireSession;
  /** The latest twenty changes of transport, oldest first, with the failed attempts. Empty for a session that kept its first transport. */
  readonly moves: readonly TransportChange[];
}

/** The recording of a session, which may have ended. */
export interface SessionRecording {
  /** The session, or its last claims if it has ended. */
  readonly session: Pick<WireSession, 'serial' | 'claims'>;
  /** A snapshot of this moment, created at each access. */
  readonly recording: ServerRecording;
}

/** One session in a topic. */
export interface JoinedSession {
  readonly session: WireSession;
  /** The current claims, which may have been renewed (SN-21). */
  readonly claims: Claims;
  /** The `info` of `join`. */
  readonly info: unknown;
}

/** A query for a page of members. */
export interface MembersQuery {
  /** `next` of the previous page. Absent: the first page. */
  readonly after?: number;
  /** At most `limits.membersPageMax`, which is the default. */
  readonly limit?: number;
}

/** Members in the order of their sessions' serials. Joins and leaves between two pages do not shift the others. */
export interface MembersPage {
  /** Number of all members. */
  readonly count: number;
  readonly members: readonly JoinedSession[];
  /** Start of the next page; `null` at the end. */
  readonly next: number | null;
}

/** The joins and leaves in one tick of the event loop. */
export interface MembersChange {
  /** The current number of members. */
  readonly count: number;
  readonly joined: readonly JoinedSession[];
  readonly left: readonly JoinedSession[];
  /** False if more than `limits.memberChangesMax` changed, so that some are not listed. */
  readonly complete: boolean;
}

/** Receives the messages that other nodes publish to one topic. */
export interface TopicListener {
  /** Called in the order of each publisher's calls. Must not throw. */
  onMessage(data: string | Uint8Array): void;
  /** Called when messages may have been missed. Not called for a gap that is reported to `onBrokerGap`. */
  onMissed(): void;
}

/** The transport server: attaches to any `http.Server` and serves all transports under one prefix. */
export interface WireServer {
  /**
   * Handles the `upgrade` and `request` events under the prefix; the server's other handlers get all others.
   *
   * @throws TypeError for a server of `node:http2`
   */
  attach(server: HttpServer): void;
  /**
   * Accepts all connections of a server of `node:net`, or of `node:tls` after the handshake, as raw TCP: a hello line, then
   * frames (SN-17). The TLS server's own `handshakeTimeout` applies. The caller must close the server.
   */
  attachTcp(server: NetServer): void;
  /**
   * Publishes a message: encodes it once for each encoding, batches it per tick, and never waits. With several topics it
   * publishes to each, in their order, and sends the message to other nodes once. After `close` it only checks its arguments and
   * reaches no session of this node.
   *
   * @throws TypeError for any other data type, WireError `message_too_big`, `topic_invalid`; also for a topic without members
   */
  publish(topic: string | readonly string[], data: SendData, options?: PublishOptions): void;
  /** Returns the sessions in a topic on this node. A page costs time in proportion to the topic's members. */
  members(topic: string, query?: MembersQuery): MembersPage;
  /**
   * Reports the joins and leaves of a topic on this node, once a tick. One listener for each topic.
   *
   * @returns stops watching. @throws WireError `topic_invalid`, `watched`, `too_many_watches`
   */
  watchMembers(topic: string, listener: (change: MembersChange) => void): () => void;
  /**
   * Receives the messages that other nodes publish to a topic. With it an application sends one message to each node, which then
   * selects the sessions concerned. Excludes messages of this node. Without `broker` there are none. One listener for each topic.
   *
   * @returns stops listening. @throws WireError `topic_invalid`, `watched`
   */
  listen(topic: string, listener: TopicListener): () => void;
  /** Returns the sessions whose claims match, for administration and revocation. Includes those before `onSession`. */
  sessions(match?: (claims: Claims) => boolean): readonly WireSession[];
  /**
   * Returns how sessions came to their transport, including the failed attempts that their clients reported. This explains, for
   * example, why a session uses long polling. Clients other than ours may report nothing.
   */
  explain(match?: (claims: Claims) => boolean): readonly SessionPath[];
  /**
   * Returns recordings of the sessions with the claim `recorded`: links, records, acknowledgements and timers with times, and
   * lengths instead of contents. The latest `limits.recordingsMax`, ended sessions included, oldest first.
   */
  recordings(match?: (claims: Claims) => boolean): readonly SessionRecording[];
  /**
   * Ends all matching sessions and raw links now, with `revoked`, and refuses those whose `authenticate` is pending (SN-21).
   *
   * @returns the number of ended sessions and raw links
   */
  revoke(match: (claims: Claims) => boolean): number;
  /** Returns the raw links whose claims match. */
  rawLinks(match?: (claims: Claims) => boolean): readonly RawLink[];
  /**
   * Returns how often each notice occurred since the start, by code, including those withheld from `onNotice`. For metrics: codes
   * are few and stable.
   */
  counters(): Readonly<Record<string, number>>;
  /**
   * Hands the sessions over to another process, which calls `restore` (SN-24). No message is lost, repeated or reordered, and
   * clients only see a lost connection. New sessions are refused. Each session freezes (stops and becomes a text) when its handlers
   * have settled and its client has its replies. When the promise resolves, the frozen sessions no longer exist here and accept no
   * messages. Then call `close`, which ends the others with `shutdown`.
   *
   * The texts are secret, because they contain the unacknowledged messages and the claims, and can be used to continue the
   * sessions. Use them once, in one process.
   *
   * @param options `deadlineMs`: default and useful maximum `limits.freezeMs`
   * @returns one text for each session
   */
  freeze(options?: { readonly deadlineMs?: number }): Promise<readonly string[]>;
  /**
   * Continues sessions that another process froze. Call it before `attach`. A text that is damaged, already in use or of another
   * version is refused with the notice `snapshot_refused`; its session is `lost`.
   *
   * @param options `awayMs`: milliseconds since the freeze, which count towards the expiry of tokens and the allowed silence
   * @returns the number of restored sessions
   * @throws TypeError without `onRestore`
   */
  restore(frozen: Iterable<string>, options: { readonly awayMs: number }): number;
  /** Closes all sessions with `shutdown` within the deadline, then ends the remaining ones. Resolves when no link remains. */
  close(options?: { readonly deadlineMs?: number }): Promise<void>;
}
