import {
  type BufferLimits,
  bufferLimits,
  type SessionLimits,
  type SessionTimes,
  sessionLimits,
  sessionTimes,
} from '@everywire/protocol';

/**
 * Every bound of the transport server, by name, unit and reason; those of the session, announced in `opened` or fixed by its
 * rules, are among them. Each is reached with a documented outcome.
 */
export interface ServerLimits extends SessionLimits, BufferLimits, SessionTimes {
  /** Bytes of one up body, counted before they are kept. Above: 413. JSON makes up to six bytes of one in a batch. */
  readonly bodyBytesMax: number;
  /** Bytes of a body without messages (`ticket`) and of one from a stranger (`open`). Above: 413. */
  readonly smallBodyBytesMax: number;
  /**
   * Bytes of the bodies of one address that are being read, an IPv6 network of 64 bits being one; a body that says its length counts whole from its start.
   * Above: 503 `busy` to the body that lacks the most, if it lacks more than the new one needs, else to the new one; the client comes again.
   */
  readonly bodyBytesPerAddressMax: number;
  /** Milliseconds a request body may take. Then: 408. */
  readonly bodyTimeoutMs: number;
  /** Bytes a second of a body that is not whole after `bodyRateAfterMs`, on the average. Below: 408. */
  readonly bodyRateBytesMin: number;
  /** Milliseconds before a body is judged by its rate: a slow start is no attack. */
  readonly bodyRateAfterMs: number;
  /** Bytes of a request's path and query; a ticket and all counts are under 400. Above: 414. */
  readonly urlBytesMax: number;
  /** Header lines of one request; browsers behind two proxies send about 40. Above: 431. */
  readonly headersMax: number;
  /**
   * Milliseconds request heads may take; the http server's own setting is lowered to it, 0 leaves it alone. A connection whose first
   * head is late is closed.
   */
  readonly headersTimeoutMs: number;
  /**
   * Milliseconds a connection is kept for a next request; the http server's own setting is raised to it, 0 leaves it alone. Longer
   * than the 60 s of the usual balancer: whoever waits longer must be the one who sends.
   */
  readonly keepAliveMs: number;
  /**
   * Further requests of a connection that are read while an answer is outstanding on it; the others stay unread in the socket. 0 reads each request when
   * the one before it is answered: each further one may hold a file open.
   */
  readonly pipelinedRequestsMax: number;
  /** Milliseconds a connection whose client has ended its side has for its answers. Then: closed. */
  readonly halfOpenMs: number;
  /** Connections of one address that have not sent a whole request head. Above, its oldest is closed: an honest one takes a round trip. */
  readonly silentPerAddressMax: number;
  /** Connections of all servers of the process together, raw TCP included. Above: closed immediately. 0: nine tenths of what the process may have open, less 64. */
  readonly connectionsMax: number;
  /**
   * Connections of one address to all servers of the process, raw TCP included, an IPv6 network of 64 bits being one. Above: the oldest that has asked for
   * nothing is closed, else the new one. A proxy that `trustedProxies` names is not counted at an http server. 0: three quarters of `connectionsMax`.
   */
  readonly connectionsPerAddressMax: number;
  /** Frames one message may come in; each costs the work of a header even when it is empty. Above: 1009. */
  readonly fragmentsMax: number;
  /**
   * Pings of one link and tick that are answered one by one, before the messages of that tick. Of those beyond, and of those that come
   * while earlier bytes wait for the socket, the last is answered.
   */
  readonly pongsMax: number;
  /** Sessions that one WebSocket carries at once, each in a channel of its own. Above: the channel ends at once, and its client connects by itself. */
  readonly channelsMax: number;
  /** With `deflate`: bytes below which a message is not compressed; it would save no packet. */
  readonly deflateBytesMin: number;
  /** Bytes above which it is not either: a publish never waits, so this bounds what it may take, about 1 ms for 500 kB. */
  readonly deflateBytesMax: number;
  /** Milliseconds a socket may be open without `open` or `attach`. Then: 1008. */
  readonly unattachedMs: number;
  /** Milliseconds a raw TCP connection has for its hello and `open` or `attach` together. Then: closed. */
  readonly tcpUnattachedMs: number;
  /** Raw TCP connections of one address, an IPv6 network of 64 bits being one. Above: closed. A proxy in front is one address too. */
  readonly tcpPerAddressMax: number;
  /** Bytes that may wait in front of a socket besides a full window: records for a peer that never reads. Then it is cut. */
  readonly undrainedBytesMax: number;
  /** Milliseconds from our close frame until the socket is destroyed, whatever the peer sends meanwhile (RFC 6455 section 7.1.1). */
  readonly closeFrameMs: number;
  /** Milliseconds a peer has to take the rest of an answer that has ended. Then its connection is cut. */
  readonly lingerMs: number;
  /** Milliseconds `authenticate` may take. Above: refused with `busy`; the client comes again. */
  readonly authenticateMs: number;
  /** `authenticate` calls under way at once. Above: refused with `busy`; the client comes again. */
  readonly authenticationsMax: number;
  /** Sessions alive at once. Above: refused with `busy`; the client comes again. */
  readonly sessionsMax: number;
  /** Milliseconds, once to twice, after which a client that was refused with `busy` or `closing` comes again (SN-43). At most a minute. */
  readonly retryAfterMs: number;
  /** Sessions not yet confirmed. Above, the oldest of them ends: an honest client confirms within a round trip. */
  readonly unconfirmedMax: number;
  /** Sessions not yet confirmed that one address opened. Above, the oldest of that address ends. */
  readonly unconfirmedPerAddressMax: number;
  /** Sessions whose recordings are kept, ended ones too, of at most 64 kB each. Above, the oldest is forgotten; 0 records none. */
  readonly recordingsMax: number;
  /** Distinct bytes that all sessions together keep for their clients. Above, the fullest end with `overflow` (SN-27). */
  readonly nodeBufferBytesMax: number;
  /** Verdicts kept at once, each about 1.5 kB. Above, the oldest is forgotten before `tombstoneMs`. */
  readonly verdictsMax: number;
  /** Unspent tickets of all sessions. Above, the oldest is forgotten: an honest one is spent within a round trip. */
  readonly ticketsMax: number;
  /** Answers to forms that wait to be fetched, each below 1 kB. Above, the oldest is forgotten, as of tickets. */
  readonly formAnswersMax: number;
  /** Milliseconds a ticket is good for (SN-20). */
  readonly ticketMs: number;
  /** Topics one session may be in. Above: `join` throws `too_many_topics`. */
  readonly topicsPerSessionMax: number;
  /** Characters of a topic's name. Above: `topic_invalid`. */
  readonly topicLengthMax: number;
  /** Raw links there may be at once. Above: a WebSocket gets 503, an `EventSource` is told to come again. */
  readonly rawLinksMax: number;
  /** Streams for doctors (TR-50) under way at once. Above: 503 `busy`. */
  readonly doctorStreamsMax: number;
  /** Bytes that may wait in front of a raw link. Above, it goes by the topic's class: ended, or the message is dropped. */
  readonly rawWaitingBytesMax: number;
  /** Milliseconds one message of a raw WebSocket may take, to the next heartbeat. Then: 1008. */
  readonly rawMessageMs: number;
  /** Milliseconds, once to twice, after which a raw `EventSource` comes again: it is told so by `retry:`. */
  readonly rawRetryMs: number;
  /** Milliseconds the ticket of a raw event stream is good for after the stream has ended. */
  readonly rawResumeMs: number;
  /** Messages that a topic with a history keeps for raw event streams that come back. Then they get a `reset` event. */
  readonly historyMessagesMax: number;
  /** Bytes of them. */
  readonly historyBytesMax: number;
  /** Milliseconds they are kept, also when nobody is in the topic. */
  readonly historyMs: number;
  /** Bytes of all histories together: a topic that goes on keeps less. */
  readonly historiesBytesMax: number;
  /** Members in one page of `members`. More are asked for page by page. */
  readonly membersPageMax: number;
  /** Joins and leaves of one topic and turn that `watchMembers` tells by name. Above: `complete` is false. */
  readonly memberChangesMax: number;
  /** Topics that are watched. Above: `watchMembers` throws `too_many_watches`. */
  readonly watchesMax: number;
  /** Requests of one session under way at once, each way. Above: `too_many_requests`. */
  readonly requestsMax: number;
  /** Milliseconds a request waits for its reply where the caller names no time. Then: `timeout`. */
  readonly requestTimeoutMs: number;
  /** Bytes after which a streaming response ends at a message, because a browser may keep all that it read. */
  readonly streamBytesMax: number;
  /** The same for streams whose reader certainly keeps all of it, and may copy it whenever more comes: its time grows with the square. */
  readonly keptBytesMax: number;
  /** Milliseconds that have to pass between two short polls of a session. One that comes sooner is told to `wait`. */
  readonly shortPollMs: number;
  /**
   * Requests of one session at once that bring nothing and are answered with nothing: polls without a message either way, bodies without one whose counts are
   * the ones before. Then their answers wait; nothing is refused.
   */
  readonly quietAtOnce: number;
  /** Milliseconds until one more is answered at once. */
  readonly quietRefillMs: number;
  /** Pings, pongs and probes of one socket at once. Then nothing is read of it until there are fewer, for `pingPauseMs` at most. */
  readonly pingsAtOnce: number;
  /** Milliseconds until one more. */
  readonly pingRefillMs: number;
  /** Longest pause in reading a socket for its pings, in milliseconds: messages behind them wait as long. */
  readonly pingPauseMs: number;
  /** Milliseconds between two notices of one code. */
  readonly noticeIntervalMs: number;
  /** Milliseconds between two looks of the one timer; every other time is rounded up to it. */
  readonly tickMs: number;
}

export const defaultServerLimits: ServerLimits = {
  ...sessionLimits,
  // Four times as many as up: a subscriber of a busy room says so much less often that it had them, and its bytes are bounded beside.
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
