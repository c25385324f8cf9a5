import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Mismatch } from './mismatch.js';
import type { Address } from './target.js';

/** One TCP or TLS connection, whose bytes are the check's own: nothing is encoded, and nothing is mended. */
export class Connection {
  /** All that came. */
  bytes: Buffer = Buffer.alloc(0);
  /** The other end has closed, or cut. */
  ended = false;
  /** Called whenever something came, or the end. */
  onChange: (() => void) | null = null;
  readonly #socket: Socket;
  readonly #waiting: Set<() => void> = new Set();
  /** Why whoever waits is to wait no longer. */
  #given: string | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
      this.#changed();
    });
    const onEnd = (): void => {
      if (this.ended) return;
      this.ended = true;
      this.#changed();
    };
    socket.on('end', onEnd);
    socket.on('close', onEnd);
    socket.on('error', onEnd);
  }

  /**
   * @param protocol what a client of TLS offers by ALPN.
   * @param signal ends a connection that does not open: its reason is what is thrown.
   */
  static async open(
    { host, port, encrypted }: Address,
    protocol = 'http/1.1',
    signal?: AbortSignal,
  ): Promise<Connection> {
    const socket = encrypted
      ? connectTls({ host, port, ...serverName(host), rejectUnauthorized: false, ALPNProtocols: [protocol] })
      : connectTcp({ host, port });
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void => void socket.destroy(signal?.reason);
      if (signal?.aborted === true) giveUp();
      signal?.addEventListener('abort', giveUp);
      socket.once('error', reject);
      socket.once(encrypted ? 'secureConnect' : 'connect', () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      });
    });
    return new Connection(socket);
  }

  write(bytes: string | Uint8Array): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** Ends this side after what was written; the other may still send. */
  endWriting(): void {
    this.#socket.end();
  }

  /** Takes nothing more off the socket, as a reader that hangs does. */
  stopReading(): void {
    this.#socket.pause();
  }

  startReading(): void {
    this.#socket.resume();
  }

  /** Waits until `look` finds something. @throws Mismatch when the connection ended, or the check's time was up, before. */
  async until<Found>(what: string, look: () => Found | undefined | false): Promise<Found> {
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      if (this.#given !== null) throw new Mismatch(what, 'to come', this.#given);
      if (this.ended) throw new Mismatch(what, 'to come', 'the end of the connection');
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Waits for the other end to close. */
  async untilEnded(what: string): Promise<void> {
    await this.until(what, () => this.ended);
  }

  /** Cuts the connection; pending calls reject with `reason`. */
  cut(reason = 'nothing: the check cut the connection'): void {
    this.#given ??= reason;
    this.#socket.destroy();
    this.#wake();
  }

  #changed(): void {
    this.onChange?.();
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** RFC 6066 section 3: an address is no server name. */
function serverName(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}
