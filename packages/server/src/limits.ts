import {
  type BufferLimits,
  bufferLimits,
  type SessionLimits,
  type SessionTimes,
  sessionLimits,
  sessionTimes,
} from '@everywire/protocol';

/**
 * The limits of the transport server, which `createWireServer` checks and uses. Some limits belong to sessions: they are announced
 * to the client in the `opened` record, or fixed by the protocol. A comment such as "Above: 413" states what happens when the limit
 * is exceeded: here the status of the answer, elsewhere an error code or the close code of a WebSocket.
 */
export interface ServerLimits extends SessionLimits, BufferLimits, SessionTimes {
  /** Maximum bytes of one body with messages from a client. Above: 413. JSON may need six bytes for one byte of a message. */
  readonly bodyBytesMax: number;
  /** Maximum bytes of a body without messages (`ticket`) or without a session (`open`). Above: 413. */
  readonly smallBodyBytesMax: number;
  /**
   * Maximum bytes of the bodies being read from one address; an IPv6 network of 64 bits counts as one. A declared length counts
   * from the start. Above: the body that lacks most bytes gets 503 `busy`, if it lacks more bytes than the new body needs. Otherwise
   * the new body gets it. The client retries.
   */
  readonly bodyBytesPerAddressMax: number;
  /** Maximum milliseconds for reading a request body. Then: 408. */
  readonly bodyTimeoutMs: number;
  /** Minimum average bytes per second of a body that is incomplete after `bodyRateAfterMs`. Below: 408. */
  readonly bodyRateBytesMin: number;
  /** Milliseconds before the rate of a body is checked, to allow a slow start. */
  readonly bodyRateAfterMs: number;
  /** Maximum bytes of a request's path and query. A ticket with all counts has less than 400. Above: 414. */
  readonly urlBytesMax: number;
  /** Maximum header lines of one request. Browsers behind two proxies send about 40. Above: 431. */
  readonly headersMax: number;
  /**
   * Maximum milliseconds for reading a request head. Lowers the HTTP server's own setting; 0 does not change it. A connection
   * whose first head is late is closed.
   */
  readonly headersTimeoutMs: number;
  /**
   * Milliseconds for which an idle connection is kept. Raises the HTTP server's own setting; 0 does not change it. Longer than
   * the usual 60 s of load balancers, so that the sending side closes first.
   */
  readonly keepAliveMs: number;
  /**
   * Maximum further requests of a connection that are read while the answer to an earlier one is due. The others stay unread in the
   * socket. With 0, each request is read after the answer to the request before it. A higher number costs resources: each request
   * that was read may hold a file open.
   */
  readonly pipelinedRequestsMax: number;
  /** Milliseconds for which a connection may wait for its answers after its client has ended its side. Then: closed. */
  readonly halfOpenMs: number;
  /**
   * Maximum connections of one address that have not sent a whole request head. Above: the oldest is closed. An honest client sends
   * the head within one round trip.
   */
  readonly silentPerAddressMax: number;
  /**
   * Maximum connections of all servers of the process, including raw TCP. Above: a new connection is closed immediately. 0: nine
   * tenths of the process's limit of open files, or that limit minus 64 if this is less.
   */
  readonly connectionsMax: number;
  /**
   * Maximum connections of one address to all servers of the process, including raw TCP; an IPv6 network of 64 bits counts as one.
   * Above: the oldest one without a request is closed, or the new one if all others have sent a request. HTTP connections of
   * `trustedProxies` are not counted. 0: three quarters of `connectionsMax`.
   */
  readonly connectionsPerAddressMax: number;
  /** Maximum frames of one message, because even an empty frame costs the work of parsing a header. Above: close code 1009. */
  readonly fragmentsMax: number;
  /**
   * Maximum pings of one link that are answered one by one in a tick (one iteration of the event loop), before the messages of that
   * tick. Of further pings, and of pings that arrive while earlier bytes wait for the socket, only the last is answered.
   */
  readonly pongsMax: number;
  /**
   * Maximum sessions on one WebSocket, each in its own channel. Above: the channel ends immediately, and its client opens its own
   * connection.
   */
  readonly channelsMax: number;
  /** With the option `deflate`: messages below this many bytes are not compressed, because that would save no network packet. */
  readonly deflateBytesMin: number;
  /** Messages above this many bytes are not compressed. This bounds the time of a publish, about 1 ms for 500 kB. */
  readonly deflateBytesMax: number;
  /** Milliseconds for which a WebSocket may be open without the record `open` or `attach`. Then: close code 1008. */
  readonly unattachedMs: number;
  /** Milliseconds in which a raw TCP connection must send its hello line and `open` or `attach`. Then: closed. */
  readonly tcpUnattachedMs: number;
  /**
   * Maximum raw TCP connections of one address; an IPv6 network of 64 bits counts as one, and so does a proxy. Above: the new one is
   * closed.
   */
  readonly tcpPerAddressMax: number;
  /**
   * Maximum bytes that may wait for a socket in addition to a full window of messages. These bytes are control records for a peer
   * that does not read. Above: the link is cut.
   */
  readonly undrainedBytesMax: number;
  /**
   * Milliseconds from the server's close frame until the socket is destroyed, even if the peer still sends (RFC 6455 section
   * 7.1.1).
   */
  readonly closeFrameMs: number;
  /** Milliseconds for which a peer may read the rest of a finished answer. Then: the connection is cut. */
  readonly lingerMs: number;
  /** Maximum milliseconds for one call of `authenticate`. Then: refused with `busy`; the client retries. */
  readonly authenticateMs: number;
  /**
   * Maximum calls of `authenticate` in flight, three quarters of them for one address. Above: refused with `busy`; the
   * client retries.
   */
  readonly authenticationsMax: number;
  /** Maximum sessions. Above: refused with `busy`; the client retries. */
  readonly sessionsMax: number;
  /**
   * Minimum milliseconds until a client that was refused with `busy` or `closing` retries; at most twice that (SN-43). At most a
   * minute.
   */
  readonly retryAfterMs: number;
  /**
   * Maximum unconfirmed sessions, whose clients have not yet proved that they received the session's id. Above: the oldest ends. An
   * honest client confirms within a round trip.
   */
  readonly unconfirmedMax: number;
  /** Maximum unconfirmed sessions of one address. Above: the oldest of that address ends. */
  readonly unconfirmedPerAddressMax: number;
  /**
   * Maximum sessions with a recording, ended ones included, of at most 64 kB each. Above: the oldest recording is dropped. 0
   * records none.
   */
  readonly recordingsMax: number;
  /**
   * Maximum distinct bytes that all sessions together buffer for their clients. Above: the fullest sessions end with `overflow`
   * (SN-27).
   */
  readonly nodeBufferBytesMax: number;
  /** Maximum stored verdicts (how an ended session ended), about 1.5 kB each. Above: the oldest is dropped before `tombstoneMs`. */
  readonly verdictsMax: number;
  /**
   * Maximum unspent tickets of all sessions. A ticket replaces the session id in the address of a GET. Above: the oldest is dropped.
   * An honest client spends one within a round trip.
   */
  readonly ticketsMax: number;
  /** Maximum answers to posted forms that wait until their page fetches them, each below 1 kB. Above: the oldest is dropped. */
  readonly formAnswersMax: number;
  /** Milliseconds until a ticket expires (SN-20). */
  readonly ticketMs: number;
  /** Maximum topics of one session. Above: `join` throws `too_many_topics`. */
  readonly topicsPerSessionMax: number;
  /** Maximum characters of a topic's name. Above: `topic_invalid`. */
  readonly topicLengthMax: number;
  /**
   * Maximum raw links (plain `WebSocket` or `EventSource`, without our client) and clients of gateways, three quarters of them for
   * one address. Above: 503 `busy`, or 429 `address_full`; an `EventSource` is asked to retry.
   */
  readonly rawLinksMax: number;
  /**
   * Maximum concurrent test streams for the connection doctor of clients (TR-50), three quarters of them for one address. Above: 503
   * `busy`.
   */
  readonly doctorStreamsMax: number;
  /**
   * Maximum bytes that may wait for a raw link. Above: the topic's class decides whether the link ends or the message is dropped.
   */
  readonly rawWaitingBytesMax: number;
  /** Maximum milliseconds for one message of a raw WebSocket, rounded up to the next heartbeat. Then: 1008. */
  readonly rawMessageMs: number;
  /** Minimum milliseconds until a raw `EventSource` reconnects, sent as `retry:`; at most twice that. */
  readonly rawRetryMs: number;
  /** Milliseconds until the ticket of a raw event stream expires, after the stream has ended. */
  readonly rawResumeMs: number;
  /**
   * Maximum messages that a topic with a history keeps for raw event streams that reconnect. A stream that missed more gets a `reset`
   * event.
   */
  readonly historyMessagesMax: number;
  /** Maximum bytes of the messages that one topic keeps. */
  readonly historyBytesMax: number;
  /** Milliseconds for which a topic keeps these messages, even if the topic has no members. */
  readonly historyMs: number;
  /** Maximum bytes of the histories of all topics. Above: each topic that adds a message drops more of its oldest ones. */
  readonly historiesBytesMax: number;
  /** Maximum members in one page of `members`. */
  readonly membersPageMax: number;
  /** Maximum joins and leaves of one topic and tick that `watchMembers` reports by name. Above: `complete` is false. */
  readonly memberChangesMax: number;
  /** Maximum watched topics. Above: `watchMembers` throws `too_many_watches`. */
  readonly watchesMax: number;
  /** Maximum requests of one session in flight, in each direction. Above: `too_many_requests`. */
  readonly requestsMax: number;
  /** Milliseconds until a request times out, if the caller sets no time. Then: `timeout`. */
  readonly requestTimeoutMs: number;
  /** Bytes after which a streaming response ends at a message, because a browser may store all of it. */
  readonly streamBytesMax: number;
  /**
   * The same limit for streams whose reader always stores the whole response, and may copy it for each message, which takes quadratic
   * time.
   */
  readonly keptBytesMax: number;
  /** Minimum milliseconds between two short polls of a session. An earlier one is answered with `wait`. */
  readonly shortPollMs: number;
  /**
   * Size of a session's burst of idle requests: polls without a message in either direction, and bodies without a message whose
   * counts (of received and acknowledged messages) did not change. Beyond, the answers are delayed; no request is refused.
   */
  readonly quietAtOnce: number;
  /** Milliseconds until one more idle request is allowed, up to `quietAtOnce`. */
  readonly quietRefillMs: number;
  /** Size of a socket's burst of pings, pongs and probes. Beyond, the socket is not read for a time, at most `pingPauseMs`. */
  readonly pingsAtOnce: number;
  /** Milliseconds until one more ping, pong or probe is allowed, up to `pingsAtOnce`. */
  readonly pingRefillMs: number;
  /** Maximum pause in reading a socket because of pings, in milliseconds. Later messages wait as long. */
  readonly pingPauseMs: number;
  /** Minimum milliseconds between two notices with the same code. */
  readonly noticeIntervalMs: number;
  /** Milliseconds between two ticks of the timer. All other times are rounded up to it. */
  readonly tickMs: number;
}

/** The default limits. */
export const defaultServerLimits: ServerLimits = {
  ...sessionLimits,
  // Four times as many messages as from the client, because a subscriber of a busy room acknowledges less often. Memory is bounded by
  // the limit of bytes.
  down: { messages: 1024, bytes: sessionLimits.down.bytes },
  ...bufferLimits,
  ...sessionTimes,
  bodyBytesMax: 2 << 20,
  smallBodyBytesMax: 128 << 10,
  bodyBytesPerAddressMax: 32 << 20,
  bodyTimeoutMs: 10_000,
  bodyRateBytesMin: 256,
  bodyRateAfterMs: 5_000,
  urlBytesMax: 8_192,
  headersMax: 100,
  headersTimeoutMs: 10_000,
  keepAliveMs: 72_000,
  pipelinedRequestsMax: 0,
  halfOpenMs: 60_000,
  silentPerAddressMax: 10_000,
  connectionsMax: 0,
  connectionsPerAddressMax: 0,
  fragmentsMax: 1024,
  pongsMax: 16,
  channelsMax: 64,
  deflateBytesMin: 1_024,
  deflateBytesMax: 256 << 10,
  unattachedMs: 10_000,
  tcpUnattachedMs: 5_000,
  tcpPerAddressMax: 1_000,
  undrainedBytesMax: 256 << 10,
  closeFrameMs: 5_000,
  lingerMs: 30_000,
  authenticateMs: 10_000,
  authenticationsMax: 1_000,
  sessionsMax: 100_000,
  retryAfterMs: 2_000,
  unconfirmedMax: 10_000,
  unconfirmedPerAddressMax: 5_000,
  recordingsMax: 100,
  nodeBufferBytesMax: 256 << 20,
  verdictsMax: 20_000,
  ticketsMax: 10_000,
  formAnswersMax: 10_000,
  ticketMs: 10_000,
  topicsPerSessionMax: 1_000,
  topicLengthMax: 256,
  rawLinksMax: 10_000,
  doctorStreamsMax: 100,
  rawWaitingBytesMax: 512 << 10,
  rawMessageMs: 30_000,
  rawRetryMs: 1_000,
  rawResumeMs: 60_000,
  historyMessagesMax: 100,
  historyBytesMax: 128 << 10,
  historyMs: 60_000,
  historiesBytesMax: 64 << 20,
  membersPageMax: 1_000,
  memberChangesMax: 1_000,
  watchesMax: 10_000,
  requestsMax: 64,
  requestTimeoutMs: 30_000,
  streamBytesMax: 8 << 20,
  keptBytesMax: 1 << 20,
  shortPollMs: 250,
  quietAtOnce: 40,
  quietRefillMs: 50,
  pingsAtOnce: 100,
  pingRefillMs: 50,
  pingPauseMs: 1_000,
  noticeIntervalMs: 10_000,
  tickMs: 25,
};
