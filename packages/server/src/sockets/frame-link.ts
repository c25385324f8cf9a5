// Over 300 lines: what a link reads, writes and how it closes is one state.
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
import { GatheredLink } from '../gathering/gathered-link.js';
import type { LinkFacts, LinkHost, LiveLink } from '../gathering/link-host.js';
import type { MessageMaker } from '../gathering/message-maker.js';
import { recordFrame } from '../gathering/record-frame.js';
import type { SharedRuns } from '../gathering/shared-runs.js';
import type { ServerLimits } from '../limits.js';
import type { WheelEntry } from '../tick-wheel.js';
import { decompress } from '../websocket/deflate.js';
import type { Head } from '../websocket/websocket-handshake.js';
import { type Channel, Channels, type Trunk } from './channels.js';
import { chooseWay } from './choose-way.js';
import { destroySocket } from './destroy-socket.js';
import { PingAnswers } from './ping-answers.js';
import { PingPace, type PingPaceOptions } from './ping-pace.js';
import type { SocketGrip, SocketReader, SocketWay } from './socket-way.js';

/** What the sockets of one transport share, so that each of them holds one reference and no closure. */
export interface FrameHost extends LinkHost {
  readonly transport: 'websocket' | 'tcp';
  readonly frames: SharedRuns;
  readonly maker: MessageMaker;
  readonly parserOptions: FrameParserOptions;
  /** Whether plain TCP sockets may be read and written past their streams, see `DirectWay`. */
  readonly directSockets: boolean;
  readonly limits: Pick<
    ServerLimits,
    'unattachedMs' | 'undrainedBytesMax' | 'closeFrameMs' | 'pongsMax' | 'channelsMax' | 'down'
  > &
    PingPaceOptions['limits'];
}

/** How far the closing handshake is (RFC 6455 section 7.1). */
const OPEN = 0;
const CLOSING = 1;
/** Nothing is read any more. */
const STOPPED = 2;

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
 * One socket that carries frames both ways, a WebSocket or raw TCP (SN-17), at the server: frames in, frames out, the closing
 * handshake, nothing else. What it carries and when it must end is decided by the session machine.
 */
export class FrameLink extends GatheredLink implements FrameSink, ItemSink, SocketReader, WheelEntry, LiveLink, Trunk {
  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;

  readonly #host: FrameHost;
  readonly #socket: Socket;
  readonly #way: SocketWay;
  #grip: SocketGrip;
  /** `null` while nothing came but whole plain texts: most clients never send anything else. */
  #parser: FrameParser | null = null;
  /** Of the channel that is heard. */
  #link: ServerLink;
  /** Until `open` or `attach` came. */
  #facts: LinkFacts | null;
  /** `null` on a link that carries one session. */
  #channels: Channels | null = null;
  #state = OPEN;
  /** `null` until a ping comes: most clients never send one. */
  #pings: PingAnswers | null = null;
  /** Of the last acknowledgement that brought something. */
  #counts = 0;
  /** From its first ping on, or its first answer to one. */
  #pace: PingPace | null = null;

  /** What the socket began with is good, a handshake or a hello; `accept` answers it. */
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
    this.#way = chooseWay(socket, host.directSockets);
    this.#grip = this.#way.read(socket, this);
    host.wheel.schedule(this, unattachedMs);
  }

  /**
   * The answer to the handshake or hello, and in the same write what the session says to its first record (TR-40).
   *
   * @param shared it may carry several sessions (SN-49)
   */
  accept(response: string, head: Head | null = null, shared = false): void {
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
    // After our close frame only theirs matters (section 7.1.1).
    if (this.#state !== OPEN) return;
    // U+0000 in front is a record, or a text that is escaped. Every other text is laid out for being passed on.
    const plain = !binary && payload[0] !== 0 && this.#take(payload, 0, payload.length, 0);
    const isGood = plain || (mayBeRead(binary, payload) && decodeDataFrame(binary, payload, owned, this) === null);
    if (!isGood) this.#link.malformed(this.turn.time);
  }

  onMaskedText(chunk: Uint8Array, from: number, to: number, key: number): boolean {
    if (this.#state !== OPEN || from === to) return false;
    if (chunk[from] !== key >>> 24) return this.#take(chunk, from, to, key);
    // U+0000 in front: mostly an acknowledgement in its common form; else it is read in full.
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

  /** A text that is no record and not escaped. @returns false where it is no UTF-8. */
  #take(bytes: Uint8Array, from: number, to: number, key: number): boolean {
    const message = this.#host.maker.received(bytes, from, to, key);
    if (message !== null) this.onMessage(message);
    return message !== null;
  }

  onMessage(message: Message): void {
    this.#link.message(message, this.turn.time);
  }

  onRecord(record: ControlRecord): void {
    if (record.t === 'channel') {
      if (this.#channels === null) this.#countPing();
      else this.#turnTo(record, this.#channels);
      return;
    }
    if (this.#isIdle(record)) this.#countPing();
    if (record.t !== 'open') {
      if (record.t === 'attach') this.#facts = null;
      // What only a server says is malformed to the machine.
      this.#link.record(record as ClientRecord, [], this.turn.time);
      return;
    }
    const facts = this.#facts;
    this.#facts = null;
    if (facts === null || !this.#link.open) this.#link.malformed(this.turn.time);
    else this.#host.open(this.#link, record, [], facts);
  }

  /** The peer speaks on another channel from here on, or has done with one. */
  #turnTo({ n, end }: ChannelRecord, channels: Channels): void {
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
    const to = channels.hear(n);
    channels.heard = to ?? null;
    this.#link = to?.link ?? this.#nobody();
    this.#facts = to?.facts ?? null;
    this.#counts = to?.counts ?? 0;
    if (to?.link.session === null && this.wheelNext === null) this.#awaitSession();
  }

  /** What comes on a channel that has ended. */
  #nobody(): ServerLink {
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

  /** Whether a record brings nothing: it neither begins this link nor raises a count. */
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
    const inPlaceMax = this.#way.waitingBytes(this.#socket) === 0 ? this.#host.limits.pongsMax : 0;
    const pong = this.#pings.add(payload, inPlaceMax, this.turn, this);
    if (pong !== null) this.gather(pong);
  }

  onPong(): void {
    this.#countPing();
    // Unsolicited ones are allowed (section 5.5.3); whether the peer lives is told by its records.
  }

  #countPing(): void {
    const way = this.#way;
    const socket = this.#socket;
    this.#pace ??= new PingPace(this.#host, { hold: () => way.hold(socket), go: () => way.go(socket) });
    this.#pace.count(this.turn.time);
  }

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
    if (!this.#way.write(this.#socket, bytes, this.#grip)) this.#checkWaiting();
  }

  protected override putText(text: string): void {
    if (this.#state !== OPEN) return;
    if (!this.#way.writeText(this.#socket, text)) this.#checkWaiting();
  }

  protected putAll(parts: readonly Uint8Array[]): void {
    if (this.#state !== OPEN) return;
    if (!this.#way.writeAll(this.#socket, parts)) this.#checkWaiting();
  }

  override writeRecord(record: ServerRecord): void {
    this.#channels?.speak(0);
    this.sayRecord(record);
  }

  override writeMessages(source: MessageSource, first: number, last: number): void {
    this.#channels?.speak(0);
    super.writeMessages(source, first, last);
  }

  /** The machine has done with this link, or with its own part of it: it closes after what was written, when nobody else is on it. */
  end(reason: LinkEnd): void {
    if (this.#channels === null) this.close(reason);
    else this.#channels.own.end(reason);
  }

  leave(): void {
    if (this.#channels?.hasSession ?? this.#link.session !== null)
      this.#channels?.endUnattached(this.#host.now(), false);
    else this.#fail(1001);
  }

  // ---- the channels' trunk

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

  /** Of every session whose link this is. */
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
   * What follows cannot be read as frames, a close frame of the peer included (section 7.1.7): discards it, and ends the TCP stream
   * behind our close frame.
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

  /** Nothing that the peer sends extends this time. */
  #awaitEnd(): void {
    this.#host.wheel.schedule(this, this.#host.limits.closeFrameMs);
  }

  /** No close frame is awaited any more: the server closes the TCP connection first (section 7.1.1). */
  #endSocket(): void {
    this.#grip = null;
    this.#socket.end();
  }

  /**
   * The socket took less than it was given. A full window may wait here, and no more is written before acknowledgements
   * come; but acknowledgements of ours, for a peer that sends and never reads, would grow without end.
   */
  #checkWaiting(): void {
    const { limits } = this.#host;
    if (this.#way.waitingBytes(this.#socket) <= limits.down.bytes + limits.undrainedBytesMax) return;
    this.#host.onSlowLink();
    this.#socket.destroy();
  }

  // ---- the socket

  /** Looked at once after the handshake, once while closing, and while a channel has no session. */
  onWheel(now: number): void {
    if (this.#state !== OPEN) this.#socket.destroy();
    else if (this.#channels?.hasSession ?? this.#link.session !== null) {
      if (this.#channels?.endUnattached(now, true)) this.#awaitSession();
    } else {
      this.#host.onRefused(1008, 'unattached');
      this.#fail(1008);
    }
  }

  /** The peer sends nothing any more: whatever it may still read, the link carries both ways or not at all. */
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
    this.#grip = null;
    this.#pace?.stop();
    if (this.#state === OPEN) this.#sessionsEnded();
    this.#stop();
    this.#host.wheel.cancel(this);
    this.#host.onLinkGone(this);
  }
}

/** False for a text that stands where a record does and has the shape of none: it is not parsed. */
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
