// Over 300 lines: reading, writing and closing of a link share one state.
import type { Socket } from 'node:net';
import {
  type ChannelRecord,
  type ClientRecord,
  type ControlRecord,
  decodeDataFrame,
  encodeClose,
  FrameParser,
  type FrameParserOptions,
  type FrameSink,
  hasRecordShape,
  type ItemSink,
  type LinkEnd,
  type Message,
  type MessageSource,
  offerWholeText,
  readMaskedAck,
  type ServerLink,
  type ServerLinkIo,
  type ServerRecord,
} from '@everywire/protocol/internal';
import { BatchedLink } from '../gathering/batched-link.js';
import type { LinkFacts, LinkHost, LiveLink } from '../gathering/link-host.js';
import type { MessageMaker } from '../gathering/message-maker.js';
import { recordFrame } from '../gathering/record-frame.js';
import type { SharedBatches } from '../gathering/shared-batches.js';
import type { ServerLimits } from '../limits.js';
import type { TimerEntry } from '../timer-wheel.js';
import { decompress } from '../websocket/deflate.js';
import type { HandshakeRecord } from '../websocket/websocket-handshake.js';
import { type Channel, type ChannelHost, Channels } from './channels.js';
import { chooseWriter } from './choose-writer.js';
import { destroySocket } from './destroy-socket.js';
import { PingAnswers } from './ping-answers.js';
import { PingThrottle, type PingThrottleOptions } from './ping-throttle.js';
import type { SocketHandle, SocketReader, SocketWriter } from './socket-writer.js';

/** The parts that all sockets of one transport share. One object saves memory, because a socket needs only one reference. */
export interface FrameHost extends LinkHost {
  readonly transport: 'websocket' | 'tcp';
  readonly frames: SharedBatches;
  readonly maker: MessageMaker;
  readonly parserOptions: FrameParserOptions;
  /** Whether plain TCP sockets may bypass their streams, see `DirectSocketWriter`. */
  readonly directSockets: boolean;
  readonly limits: Pick<
    ServerLimits,
    'unattachedMs' | 'undrainedBytesMax' | 'closeFrameMs' | 'pongsMax' | 'channelsMax' | 'down' | 'messageBytesMax'
  > &
    PingThrottleOptions['limits'];
}

/** The state of the closing handshake (RFC 6455 section 7.1). */
const OPEN = 0;
const CLOSING = 1;
/** The end state: received bytes are ignored. */
const STOPPED = 2;

/** The WebSocket close code for each reason to end a link. */
const CLOSE_CODE: Readonly<Record<LinkEnd, number>> = {
  done: 1000,
  superseded: 1000,
  closed: 1000,
  malformed: 1002,
  gap: 1002,
  silent: 1001,
  frozen: 1012,
};

const kLink: unique symbol = Symbol('everywire link');
interface LinkedSocket extends Socket {
  [kLink]: FrameLink;
}

/**
 * One socket that carries frames in both directions, a WebSocket or raw TCP (SN-17): decodes and encodes frames, and performs the
 * closing handshake. The session machine (`ServerSession`, reached through `ServerLink`) decides what is sent and when the link ends.
 * A shared link carries several sessions, each in a numbered channel, see `Channels`.
 */
export class FrameLink
  extends BatchedLink
  implements FrameSink, ItemSink, SocketReader, TimerEntry, LiveLink, ChannelHost
{
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;

  readonly #host: FrameHost;
  readonly #socket: Socket;
  readonly #writer: SocketWriter;
  #socketHandle: SocketHandle;
  /** `null` as long as only unfragmented text frames arrive, which a faster function reads. Most clients send nothing else. */
  #parser: FrameParser | null = null;
  /** The link of the channel on which the peer sends. */
  #link: ServerLink;
  /** The address, origin and token of the client, needed by `open`; `null` after `open` or `attach`. */
  #facts: LinkFacts | null;
  /** `null` on a link that carries one session. */
  #channels: Channels | null = null;
  #state = OPEN;
  /** `null` until the first ping, because most clients send none. */
  #pings: PingAnswers | null = null;
  /** Sum of the three counts of the last acknowledgement that raised one of them. */
  #counts = 0;
  /** Pauses reading if the peer sends too many pings. Created at the first ping, pong or record without news. */
  #pingThrottle: PingThrottle | null = null;

  /** The socket has started with a valid handshake or hello; `accept` answers it. */
  constructor(host: FrameHost, socket: Socket, facts: LinkFacts, unattachedMs: number = host.limits.unattachedMs) {
    super(host.frames, host.turn);
    this.#host = host;
    this.#socket = socket;
    this.#facts = facts;
    this.#link = this.#newLink(this);
    (socket as LinkedSocket)[kLink] = this;
    socket.setTimeout(0);
    socket.setNoDelay(true);
    socket.on('end', onSocketEnd);
    socket.on('error', destroySocket);
    socket.on('close', onSocketClose);
    this.#writer = chooseWriter(socket, host.directSockets);
    this.#socketHandle = this.#writer.read(socket, this);
    host.wheel.schedule(this, unattachedMs);
  }

  /**
   * Sends the answer to the handshake or hello, and in the same write the session's answer to its first record (TR-40).
   *
   * @param shared whether the link may carry several sessions (SN-49)
   */
  accept(response: string, head: HandshakeRecord | null = null, shared = false): void {
    if (shared)
      this.#channels = new Channels(this, this.#facts as LinkFacts, this.#link, this.#host.limits.channelsMax);
    this.gather(response);
    this.turn.begin();
    if (head !== null) this.onRecord(head);
    this.flush();
  }

  // ---- in

  onBytes(chunk: Uint8Array, length: number): void {
    if (this.#state === STOPPED) return;
    this.turn.begin();
    const { parserOptions } = this.#host;
    let at = 0;
    if (this.#parser === null) {
      // Each call reads one whole text frame and returns the place behind it, or the same place if no such frame is there.
      for (let next = -1; next !== at && at < length; ) {
        next = at;
        at = offerWholeText(this, parserOptions, chunk, at, length);
      }
      if (at === length) return;
      this.#parser = new FrameParser(this, parserOptions);
    }
    const error = this.#parser.feed(chunk, length, at);
    if (error !== null) this.#failFrames(error.closeCode, error.code);
  }

  onData(binary: boolean, payload: Uint8Array, owned: boolean): void {
    // After the server's close frame only the peer's close frame matters (section 7.1.1).
    if (this.#state !== OPEN) return;
    // A leading U+0000 marks a record or an escaped text. `#take` makes a message of any other text.
    const plain = !binary && payload[0] !== 0 && this.#take(payload, 0, payload.length, 0);
    const isGood = plain || (mayBeRead(binary, payload) && decodeDataFrame(binary, payload, owned, this) === null);
    if (!isGood) this.#link.malformed(this.turn.time);
  }

  onMaskedText(chunk: Uint8Array, from: number, to: number, key: number): boolean {
    if (this.#state !== OPEN || from === to) return false;
    if (chunk[from] !== key >>> 24) return this.#take(chunk, from, to, key);
    // The payload is masked: `key >>> 24`, the first byte of the key, is a masked U+0000. A text that starts so is mostly an
    // acknowledgement, which is read without unmasking. For any other record this returns false, and the caller parses it in full.
    const record = readMaskedAck(chunk, from, to, key);
    if (record !== null) this.onRecord(record);
    return record !== null;
  }

  onCompressed(binary: boolean, payload: Uint8Array): void {
    if (this.#state !== OPEN) return;
    const content = decompress(binary, payload, this.#host.parserOptions.messageBytesMax);
    if (typeof content !== 'number') {
      this.onData(binary, content, false);
      return;
    }
    this.#failFrames(content, 'compressed');
  }

  /** Delivers a text that is neither a record nor escaped. `key`: the masking key, or 0. @returns false if it is not UTF-8 */
  #take(bytes: Uint8Array, from: number, to: number, key: number): boolean {
    const message = this.#host.maker.received(bytes, from, to, key);
    if (message !== null) this.onMessage(message);
    return message !== null;
  }

  onMessage(message: Message): void {
    // The parser permits more, because a record may be longer than a message.
    if (message.byteLength > this.#host.limits.messageBytesMax) this.#failFrames(1009, 'message_too_big');
    else this.#link.message(message, this.turn.time);
  }

  onRecord(record: ControlRecord): void {
    if (record.t === 'channel') {
      if (this.#channels === null) this.#countPing();
      else this.#switchChannel(record, this.#channels);
      return;
    }
    if (this.#isIdle(record)) this.#countPing();
    if (record.t !== 'open') {
      if (record.t === 'attach') this.#facts = null;
      // The machine treats records of servers as malformed.
      this.#link.record(record as ClientRecord, [], this.turn.time);
      return;
    }
    const facts = this.#facts;
    this.#facts = null;
    if (facts === null || !this.#link.open) this.#link.malformed(this.turn.time);
    else this.#host.open(this.#link, record, [], facts);
  }

  /**
   * Switches to the channel on which the peer sends from now on, or drops a channel that the peer has ended. A switch counts as a
   * ping if the channel before it has brought nothing new since the last switch.
   */
  #switchChannel({ n, end }: ChannelRecord, channels: Channels): void {
    const from = channels.heard;
    if (from === null) this.#countPing();
    else {
      const brought = this.#link.in + this.#counts + (this.#link.session === null ? 0 : 1);
      if (brought === from.brought) this.#countPing();
      from.brought = brought;
      from.facts = this.#facts;
      from.counts = this.#counts;
    }
    if (end === true) {
      channels.drop(n, this.turn.time);
      return;
    }
    const to = channels.selectIncoming(n);
    channels.heard = to ?? null;
    this.#link = to?.link ?? this.#noLink();
    this.#facts = to?.facts ?? null;
    this.#counts = to?.counts ?? 0;
    if (to?.link.session === null && this.wheelNext === null) this.#awaitSession();
  }

  /** Returns an ended link, for content on a channel that has ended. */
  #noLink(): ServerLink {
    const link = this.#newLink(this);
    link.ended(this.turn.time);
    return link;
  }

  #newLink(io: ServerLinkIo): ServerLink {
    return this.#host.registry.link('duplex', this.#host.transport, io);
  }

  #awaitSession(): void {
    this.#host.wheel.schedule(this, this.#host.limits.unattachedMs);
  }

  /** Returns whether a record carries no news, which means that it neither starts this link nor raises a count. */
  #isIdle(record: ControlRecord): boolean {
    switch (record.t) {
      case 'open':
      case 'body':
      case 'fail':
        return false;
      case 'attach':
        return this.#link.session !== null;
      case 'from':
        return this.#link.in > 0;
      case 'ack': {
        const counts = record.ack + record.received + record.seen;
        if (counts <= this.#counts) return true;
        this.#counts = counts;
        return false;
      }
      default:
        return true;
    }
  }

  onPing(payload: Uint8Array): void {
    if (this.#state !== OPEN) return;
    this.#countPing();
    this.#pings ??= new PingAnswers();
    const inPlaceMax = this.#writer.waitingBytes(this.#socket) === 0 ? this.#host.limits.pongsMax : 0;
    const pong = this.#pings.add(payload, inPlaceMax, this.turn, this);
    if (pong !== null) this.gather(pong);
  }

  onPong(): void {
    this.#countPing();
    // A pong has no other effect. Unsolicited pongs are allowed (RFC 6455 section 5.5.3), and only records show that the peer lives.
  }

  #countPing(): void {
    const writer = this.#writer;
    const socket = this.#socket;
    this.#pingThrottle ??= new PingThrottle(this.#host, {
      hold: () => writer.hold(socket),
      go: () => writer.go(socket),
    });
    this.#pingThrottle.count(this.turn.time);
  }

  /** Handles the peer's close frame. The code 1005 means that the frame had no code (RFC 6455 section 7.1.5). */
  onClose(code: number): void {
    if (this.#state === OPEN) {
      this.#sessionsEnded();
      this.#sendClose(code === 1005 ? undefined : code);
    }
    this.#endSocket();
  }

  // ---- out

  override flush(): void {
    super.flush();
    const pong = this.#pings?.end() ?? null;
    if (pong !== null) this.put(pong);
  }

  protected put(bytes: Uint8Array): void {
    if (this.#state !== OPEN) return;
    if (!this.#writer.write(this.#socket, bytes, this.#socketHandle)) this.#checkWaiting();
  }

  protected override putText(text: string): void {
    if (this.#state !== OPEN) return;
    if (!this.#writer.writeText(this.#socket, text)) this.#checkWaiting();
  }

  protected putAll(parts: readonly Uint8Array[]): void {
    if (this.#state !== OPEN) return;
    if (!this.#writer.writeAll(this.#socket, parts)) this.#checkWaiting();
  }

  override writeRecord(record: ServerRecord): void {
    this.#channels?.selectOutgoing(0);
    this.sayRecord(record);
  }

  override writeMessages(source: MessageSource, first: number, last: number): void {
    this.#channels?.selectOutgoing(0);
    super.writeMessages(source, first, last);
  }

  /** Called when the session machine does not use this link any more. Closes the link, unless other channels use it. */
  end(reason: LinkEnd): void {
    if (this.#channels === null) this.close(reason);
    else this.#channels.own.end(reason);
  }

  /** Called when the server closes: ends the link, or its channels, that carry no session. */
  leave(): void {
    if (this.#channels?.hasSession ?? this.#link.session !== null)
      this.#channels?.endUnattached(this.#host.now(), false);
    else this.#fail(1001);
  }

  // ---- calls of the channels

  linkOf(channel: Channel): ServerLink {
    return this.#newLink(channel);
  }

  sayRecord(record: ServerRecord | ChannelRecord): void {
    this.gather(recordFrame(record));
  }

  sayMessages(source: MessageSource, first: number, last: number): void {
    super.writeMessages(source, first, last);
  }

  close(reason: LinkEnd): void {
    this.#closeWith(CLOSE_CODE[reason]);
  }

  /** Reports the end of this link to each session on it. */
  #sessionsEnded(): void {
    const now = this.#host.now();
    if (this.#channels === null) this.#link.ended(now);
    else this.#channels.ended(now);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #fail(code: number): void {
    this.#sessionsEnded();
    this.#closeWith(code);
  }

  /**
   * Closes after bytes that are not valid frames, including an invalid close frame (section 7.1.7). Discards further bytes and
   * ends the TCP stream behind the server's close frame.
   */
  #failFrames(closeCode: number, code: string): void {
    if (this.#state === OPEN) {
      this.#host.onRefused(closeCode, code);
      this.#fail(closeCode);
    }
    this.#stop();
    this.#endSocket();
  }

  #closeWith(code: number): void {
    if (this.#state !== OPEN) return;
    this.flush();
    this.#sendClose(code);
  }

  #sendClose(code: number | undefined): void {
    this.put(encodeClose(code));
    this.#state = CLOSING;
    this.#facts = null;
    this.#awaitEnd();
  }

  /** Starts the time limit for the peer's close. Bytes of the peer do not extend it. */
  #awaitEnd(): void {
    this.#host.wheel.schedule(this, this.#host.limits.closeFrameMs);
  }

  /** Ends the TCP connection. No close frame is expected any more, and the server ends TCP first (section 7.1.1). */
  #endSocket(): void {
    this.#socketHandle = null;
    this.#socket.end();
  }

  /**
   * Cuts the link if too many bytes wait. A full window of messages may wait, because the session then stops sending until
   * acknowledgements arrive. But the server's own acknowledgements have no window: without this limit they would pile up for a peer
   * that sends and never reads.
   */
  #checkWaiting(): void {
    const { limits } = this.#host;
    if (this.#writer.waitingBytes(this.#socket) <= limits.down.bytes + limits.undrainedBytesMax) return;
    this.#host.onSlowLink();
    this.#socket.destroy();
  }

  // ---- the socket

  /** Cuts a socket whose closing handshake takes too long, and ends a link or channel that has had no session for too long. */
  onTimer(now: number): void {
    if (this.#state !== OPEN) this.#socket.destroy();
    else if (this.#channels?.hasSession ?? this.#link.session !== null) {
      if (this.#channels?.endUnattached(now, true)) this.#awaitSession();
    } else {
      this.#host.onRefused(1008, 'unattached');
      this.#fail(1008);
    }
  }

  /** The peer has ended its side. The link needs both directions, so it ends. */
  onSocketEnd(): void {
    if (this.#state === OPEN) {
      this.#sessionsEnded();
      this.#awaitEnd();
    }
    this.#stop();
    this.#endSocket();
  }

  #stop(): void {
    this.#state = STOPPED;
    this.#parser?.stop();
  }

  onSocketClose(): void {
    this.#socketHandle = null;
    this.#pingThrottle?.stop();
    if (this.#state === OPEN) this.#sessionsEnded();
    this.#stop();
    this.#host.wheel.cancel(this);
    this.#host.onLinkGone(this);
  }
}

/** Returns false for a text that is marked as a record and cannot be one, so that no time is spent on parsing the text. */
function mayBeRead(binary: boolean, payload: Uint8Array): boolean {
  const isRecord = !binary && payload[0] === 0 && payload[1] !== 0;
  return !isRecord || hasRecordShape(payload);
}

function onSocketEnd(this: Socket): void {
  (this as LinkedSocket)[kLink].onSocketEnd();
}

function onSocketClose(this: Socket): void {
  (this as LinkedSocket)[kLink].onSocketClose();
}
