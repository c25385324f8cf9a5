// Over 300 lines: reading, writing and closing of a link share one state.
import type { Socket } from 'node:net';
import { encodeClose, encodePing, FrameParser, type FrameSink, isThenable } from '@everywire/protocol/internal';
import type { AdmissionRefusal } from '../sessions/admission.js';
import { destroySocket } from '../sockets/destroy-socket.js';
import { PingAnswers } from '../sockets/ping-answers.js';
import { PingThrottle } from '../sockets/ping-throttle.js';
import { decompress } from '../websocket/deflate.js';
import type { Claims } from '../wire-session.js';
import { RawCarrier, type RawFraming, type RawHost } from './raw-carrier.js';
import type { RawPublication } from './raw-publication.js';
import { parseRawRequest, type RawRequest } from './raw-request.js';

/** The WebSocket close code for each reason of a refusal. */
const CLOSE_CODE: Readonly<Record<AdmissionRefusal, number>> = {
  unauthorized: 1008,
  refused: 1008,
  topic_invalid: 1008,
  busy: 1013,
  closing: 1001,
};

/**
 * One plain `WebSocket` of a client without the client library. Its messages are handled one at a time. Nothing is read while the
 * application's promise is pending, so at most one chunk waits here, and TCP slows the client down.
 */
export class RawWebSocket extends RawCarrier implements FrameSink {
  readonly kind = 'websocket';
  readonly #framing: RawFraming;
  readonly #socket: Socket;
  readonly #parser: FrameParser;
  /** Called with the client's request for topics, if the first message contains the request and not the address. */
  readonly #onAsked: (asked: RawRequest) => void;
  /** `first`: the first message must contain the request. `asking`: the application decides on the request. */
  #state: 'first' | 'asking' | 'open' | 'closing' = 'first';
  /** Received messages that have not been handled. */
  #waiting: (string | Uint8Array)[] = [];
  /** Whether the application's promise for a message is pending. */
  #handling = false;
  /** Whether any bytes have arrived since the last ping. */
  #hasReceived = true;
  readonly #pings: PingAnswers = new PingAnswers();
  /** Pauses reading if the peer sends too many pings. Created at the first ping. */
  #pingThrottle: PingThrottle | null = null;
  /** When the current incomplete message began; `null` if no message is incomplete. */
  #unfinishedSince: number | null = null;

  constructor(host: RawHost, framing: RawFraming, socket: Socket, onAsked: (asked: RawRequest) => void) {
    super(host);
    this.#framing = framing;
    this.#socket = socket;
    this.#onAsked = onAsked;
    this.#parser = new FrameParser(this, framing.parserOptions);
    socket.setTimeout(0);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.onBytes(chunk));
    socket.on('end', () => this.#onSocketEnd());
    socket.on('error', destroySocket);
    socket.on('close', () => this.#onSocketClose());
    host.wheel.schedule(this, host.limits.unattachedMs);
  }

  /** Must be called when the client has made its request, by its address or its first message. Stops reading until the decision. */
  ask(): void {
    this.#state = 'asking';
    this.#pauseOrResume();
  }

  admitted(claims: Claims, topics: readonly string[]): void {
    if (this.#state !== 'asking') return;
    this.#state = 'open';
    this.joinTopics(claims, topics);
    this.awaitHeartbeat();
    this.#handleNext();
  }

  refused(code: AdmissionRefusal): void {
    this.close(CLOSE_CODE[code], code);
  }

  end(code: string): void {
    this.close(1008, code);
  }

  leave(): void {
    this.close(1001, 'closing');
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Does nothing, because a raw WebSocket has no record that could report lost messages, and delivery is not guaranteed (SN-16). */
  reset(): void {}

  // ---- in

  onBytes(chunk: Buffer): void {
    this.#hasReceived = true;
    this.host.turn.begin();
    const error = this.#parser.feed(chunk);
    if (!this.#parser.unfinished) this.#unfinishedSince = null;
    else this.#unfinishedSince ??= this.host.now();
    if (error !== null) this.#failFrames(error.closeCode, error.code);
  }

  onData(binary: boolean, payload: Uint8Array, owned: boolean): void {
    this.#unfinishedSince = null;
    if (this.#state === 'closing') return;
    const { buffer, byteOffset, byteLength } = payload;
    if (binary) this.#onContent(owned ? payload : new Uint8Array(payload));
    else this.#onContent(Buffer.from(buffer, byteOffset, byteLength).toString('utf8'));
  }

  onCompressed(binary: boolean, payload: Uint8Array): void {
    if (this.#state === 'closing') return;
    const content = decompress(binary, payload, this.#framing.parserOptions.messageBytesMax);
    if (typeof content !== 'number') {
      this.onData(binary, content, false);
      return;
    }
    this.#failFrames(content, 'compressed');
  }

  onPing(payload: Uint8Array): void {
    this.#countPing();
    const inPlaceMax = this.open && this.undrained === 0 ? this.host.limits.pongsMax : 0;
    const pong = this.#pings.add(payload, inPlaceMax, this.host.turn, this);
    if (pong !== null) this.gather(pong);
  }

  onPong(): void {
    this.#countPing();
  }

  #countPing(): void {
    this.#pingThrottle ??= new PingThrottle(this.host, {
      hold: () => this.#socket.pause(),
      go: () => this.#pauseOrResume(),
    });
    this.#pingThrottle.count(this.host.turn.time);
  }

  onClose(code: number): void {
    this.close(code === 1005 ? undefined : code, '');
    this.#socket.end();
  }

  #onContent(content: string | Uint8Array): void {
    if (this.#state !== 'first') {
      this.#waiting.push(content);
      this.#handleNext();
      return;
    }
    const asked = typeof content === 'string' ? parseRawRequest(content) : null;
    if (asked === null) {
      this.close(1008, 'first_message');
      return;
    }
    this.ask();
    this.#onAsked(asked);
  }

  #handleNext(): void {
    while (this.#state === 'open' && !this.#handling) {
      const content = this.#waiting.shift();
      if (content === undefined) break;
      this.#handle(content);
    }
    this.#pauseOrResume();
  }

  #handle(content: string | Uint8Array): void {
    const { onMessage } = this.host;
    if (onMessage === null) {
      this.close(1003, 'read_only');
      return;
    }
    try {
      const result = onMessage(this, content);
      if (!isThenable(result)) return;
      this.#handling = true;
      Promise.resolve(result).then(
        () => {
          this.#handling = false;
          this.#handleNext();
        },
        (error: unknown) => this.#onFailed(error),
      );
    } catch (error) {
      this.#onFailed(error);
    }
  }

  #onFailed(error: unknown): void {
    this.host.onHandlerFailed(this, error);
    this.close(1011, 'internal');
  }

  #pauseOrResume(): void {
    const busy = this.#state === 'asking' || this.#handling || this.#pingThrottle?.paused === true;
    if (busy && this.#state !== 'closing') this.#socket.pause();
    else this.#socket.resume();
  }

  // ---- out

  override flush(): void {
    super.flush();
    const pong = this.#pings.end();
    // A pong that would exceed the limit of waiting bytes is dropped, because slow reading of pongs must not end the link.
    if (pong !== null && this.#state !== 'closing' && this.hasRoom(pong.length)) this.put(pong);
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  protected get undrained(): number {
    return this.#socket.writableLength;
  }

  protected bytesOf(publication: RawPublication): Uint8Array {
    return publication.frame(this.#framing.frames);
  }

  protected put(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  protected putAll(parts: readonly Uint8Array[]): void {
    this.#socket.cork();
    for (const part of parts) this.put(part);
    this.#socket.uncork();
  }

  /** Does nothing, because a raw WebSocket has no record that could report a dropped message. */
  protected onDropped(): void {}

  protected fallBehind(): void {
    this.close(1013, 'slow');
  }

  /** Closes the link, because the following bytes cannot be read as frames. */
  #failFrames(closeCode: number, code: string): void {
    if (this.#state !== 'closing') {
      this.host.onRefused(closeCode, code);
      this.close(closeCode, code);
    }
    this.#parser.stop();
    this.#socket.end();
  }

  /** Closes cleanly, after the gathered messages. */
  close(code: number | undefined, reason: string): void {
    if (this.#state === 'closing') return;
    this.flush();
    this.#socket.write(encodeClose(code, reason));
    this.#state = 'closing';
    this.#waiting = [];
    this.leaveTopics();
    // Resumed in any case, to read the peer's close frame.
    this.#socket.resume();
    this.host.wheel.schedule(this, this.host.limits.closeFrameMs);
  }

  // ---- the socket

  onTimer(): void {
    if (this.#state === 'closing') this.#socket.destroy();
    else if (this.#state === 'first') this.close(1008, 'first_message');
    else if (this.#state === 'open') this.#onHeartbeat();
    // In the state `asking`, the time limit of `authenticate` applies.
  }

  /**
   * Called at each heartbeat: sends a ping, or ends a link that has been silent since the last ping. Silence does not count while the
   * application handles a message, because nothing is read then.
   */
  #onHeartbeat(): void {
    if (this.endIfExpired()) return;
    if (!this.#hasReceived && !this.#handling) {
      this.#socket.destroy();
      return;
    }
    if (this.#isMessageLate()) {
      this.host.onRefused(1008, 'message_timeout');
      this.close(1008, 'message_timeout');
      return;
    }
    this.#hasReceived = this.#handling;
    if (this.undrained === 0) this.put(encodePing());
    this.awaitHeartbeat();
  }

  /** Returns whether a message is incomplete for too long. */
  #isMessageLate(): boolean {
    if (this.#unfinishedSince === null || this.#handling) return false;
    return this.host.now() - this.#unfinishedSince >= this.host.limits.rawMessageMs;
  }

  #onSocketEnd(): void {
    if (this.#state !== 'closing') this.host.wheel.schedule(this, this.host.limits.closeFrameMs);
    this.#state = 'closing';
    this.#socket.end();
    this.leaveTopics();
  }

  #onSocketClose(): void {
    this.#state = 'closing';
    this.#waiting = [];
    this.#parser.stop();
    this.#pingThrottle?.stop();
    this.leaveTopics();
    this.host.wheel.cancel(this);
    this.host.onLinkGone(this);
  }
}
