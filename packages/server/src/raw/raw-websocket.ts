import type { Socket } from 'node:net';
import { encodeClose, encodePing, encodePong, FrameParser, type FrameSink } from '@everywire/protocol/internal';
import { decompress } from '../websocket/deflate.js';
import type { Claims } from '../wire-session.js';
import { RawCarrier, type RawFraming, type RawHost, type RawRefusal } from './raw-carrier.js';
import type { RawPublication } from './raw-publication.js';
import { parseRawRequest, type RawRequest } from './raw-request.js';

const CLOSE_CODE: Readonly<Record<RawRefusal, number>> = {
  unauthorized: 1008,
  refused: 1008,
  topic_invalid: 1008,
  busy: 1013,
  closing: 1001,
};

/**
 * One plain `WebSocket`. Its messages are handled one at a time: while the application's promise is pending nothing is read,
 * so that at most one chunk waits here, and TCP tells the client.
 */
export class RawWebSocket extends RawCarrier implements FrameSink {
  readonly kind = 'websocket';
  readonly #framing: RawFraming;
  readonly #socket: Socket;
  readonly #parser: FrameParser;
  /** Hears what the first message asks for, where the address did not say it. */
  readonly #onAsked: (asked: RawRequest) => void;
  #state: 'first' | 'asking' | 'open' | 'closing' = 'first';
  #waiting: (string | Uint8Array)[] = [];
  #handling = false;
  /** Anything came since the last ping. */
  #heard = true;
  #pong: Uint8Array | null = null;
  /** When the message began of which not all has come. */
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
    socket.on('error', () => undefined);
    socket.on('close', () => this.#onSocketClose());
    host.wheel.schedule(this, host.limits.unattachedMs);
  }

  /** The address said what it wants: nothing is waited for. */
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

  refused(code: RawRefusal): void {
    this.#close(CLOSE_CODE[code], code);
  }

  end(code: string): void {
    this.#close(1008, code);
  }

  leave(): void {
    this.#close(1001, 'closing');
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** No record could say it, and nothing was promised (SN-16). */
  reset(): void {}

  // ---- in

  onBytes(chunk: Buffer): void {
    this.#heard = true;
    this.host.turn.begin();
    const error = this.#parser.feed(chunk);
    if (!this.#parser.unfinished) this.#unfinishedSince = null;
    else this.#unfinishedSince ??= this.host.now();
    if (error === null) return;
    this.host.onRefused(error.closeCode, error.code);
    this.#close(error.closeCode, error.code);
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
    this.#parser.stop();
    this.host.onRefused(content, 'compressed');
    this.#close(content, '');
  }

  onPing(payload: Uint8Array): void {
    const first = this.#pong === null;
    this.#pong = Buffer.from(payload);
    if (first) this.host.turn.add(this);
  }

  onPong(): void {}

  onClose(code: number): void {
    this.#close(code === 1005 ? undefined : code, '');
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
      this.#close(1008, 'first_message');
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
      this.#close(1003, 'read_only');
      return;
    }
    try {
      const result = onMessage(this, content);
      if (typeof result?.then !== 'function') return;
      this.#handling = true;
      result.then(
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
    this.#close(1011, 'internal');
  }

  #pauseOrResume(): void {
    const busy = this.#state === 'asking' || this.#handling;
    if (busy && this.#state !== 'closing') this.#socket.pause();
    else this.#socket.resume();
  }

  // ---- out

  override flush(): void {
    super.flush();
    const pong = this.#pong;
    this.#pong = null;
    if (pong !== null && this.open && !this.#socket.writableNeedDrain) this.put(encodePong(pong));
  }

  protected get open(): boolean {
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

  /** A hint was dropped; there is nothing to say it with. */
  protected onDropped(): void {}

  protected fallBehind(): void {
    this.#close(1013, 'slow');
  }

  #close(code: number | undefined, reason: string): void {
    if (this.#state === 'closing') return;
    this.flush();
    this.#socket.write(encodeClose(code, reason));
    this.#state = 'closing';
    this.#waiting = [];
    this.leaveTopics();
    // Their close frame is waited for, and nothing else is taken.
    this.#socket.resume();
    this.host.wheel.schedule(this, this.host.limits.closeFrameMs);
  }

  // ---- the socket

  onWheel(): void {
    switch (this.#state) {
      case 'closing':
        this.#socket.destroy();
        return;
      case 'first':
        this.#close(1008, 'first_message');
        return;
      case 'asking':
        // Bounded by the time that `authenticate` has.
        return;
      case 'open':
        this.#onHeartbeat();
        return;
    }
  }

  /** Nothing is read while the application is busy, so nothing can be heard then. */
  #onHeartbeat(): void {
    if (this.endIfExpired()) return;
    if (!this.#heard && !this.#handling) {
      this.#socket.destroy();
      return;
    }
    if (this.#isMessageLate()) {
      this.host.onRefused(1008, 'message_timeout');
      this.#close(1008, 'message_timeout');
      return;
    }
    this.#heard = this.#handling;
    if (this.undrained === 0) this.put(encodePing());
    this.awaitHeartbeat();
  }

  /** It drips, or its rest never comes: what there is of it is not kept for ever. */
  #isMessageLate(): boolean {
    if (this.#unfinishedSince === null || this.#handling) return false;
    return this.host.now() - this.#unfinishedSince >= this.host.limits.rawMessageMs;
  }

  #onSocketEnd(): void {
    this.#state = 'closing';
    this.#socket.end();
    this.host.wheel.schedule(this, this.host.limits.closeFrameMs);
    this.leaveTopics();
  }

  #onSocketClose(): void {
    this.#state = 'closing';
    this.#waiting = [];
    this.#parser.stop();
    this.leaveTopics();
    this.host.wheel.cancel(this);
    this.host.onLinkGone(this);
  }
}
