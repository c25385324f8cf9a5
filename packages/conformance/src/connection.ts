import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Mismatch } from './mismatch.js';
import type { Address } from './target.js';

/** A raw TCP or TLS connection. It neither encodes nor corrects the bytes of a check. */
export class Connection {
  /** All bytes received so far. */
  bytes: Buffer = Buffer.alloc(0);
  /** Whether the server has closed or reset the connection. */
  ended = false;
  /** Called when bytes arrive, and when the connection ends. */
  onChange: (() => void) | null = null;
  readonly #socket: Socket;
  readonly #waiting: Set<() => void> = new Set();
  /** Why pending waits fail; `null` while they may continue. */
  #cutReason: string | null = null;

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
   * Opens a connection.
   *
   * @param protocol the protocol that a TLS client offers by ALPN
   * @param signal aborts the opening; its reason is thrown
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
      const abort = (): void => void socket.destroy(signal?.reason);
      if (signal?.aborted === true) abort();
      signal?.addEventListener('abort', abort);
      socket.once('error', reject);
      socket.once(encrypted ? 'secureConnect' : 'connect', () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
    });
    return new Connection(socket);
  }

  write(bytes: string | Uint8Array): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** Shuts down the writing side after the pending bytes. The server may still send. */
  endWriting(): void {
    this.#socket.end();
  }

  /** Stops reading from the socket, like a client that hangs. */
  stopReading(): void {
    this.#socket.pause();
  }

  startReading(): void {
    this.#socket.resume();
  }

  /** Waits until `look` finds something. @throws Mismatch if the connection ends or the check times out first */
  async until<Found>(what: string, look: () => Found | undefined | false): Promise<Found> {
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      if (this.#cutReason !== null) throw new Mismatch(what, 'to arrive', this.#cutReason);
      if (this.ended) throw new Mismatch(what, 'to arrive', 'the end of the connection');
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Waits for the server to close the connection. */
  async untilEnded(what: string): Promise<void> {
    await this.until(what, () => this.ended);
  }

  /** Cuts the connection; pending calls reject with `reason`. */
  cut(reason = 'nothing: the check cut the connection'): void {
    this.#cutReason ??= reason;
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

/** Returns the server name for TLS. An IP address is not one (RFC 6066 section 3). */
function serverName(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}
