import type { Verdict } from '@everywire/protocol';
import { type Message, messageFromBytes, messageFromText } from '@everywire/protocol/internal';
import { closeCodeOf } from '../close-code.js';
import type { Status, TransportName, WireClientOptions } from '../wire-client.js';
import { type ByteSource, toBytes } from './bytes.js';
import { type PlainFacade, PlainShell } from './plain-shell.js';
import { platform } from './platform.js';
import { createTable } from './table.js';

type Handler = ((event: Record<string, unknown>) => void) | null;

/**
 * The object that an application uses, for engines without accessors and event listeners. It has the interface of a
 * WebSocket with `on...` handlers. Its fields are set whenever their values change. The build does not shorten their
 * names.
 */
export class PlainSocket implements PlainFacade {
  readonly url: string;
  readyState: 0 | 1 | 2 | 3 = 0;
  bufferedAmount = 0;
  status: Status;
  transport: TransportName | null = null;
  onopen: Handler = null;
  onmessage: Handler = null;
  onerror: Handler = null;
  onclose: Handler = null;
  onstatuschange: Handler = null;
  ondrain: Handler = null;
  onreset: Handler = null;
  /** Unused, because this build has no requests. */
  readonly onrequest: null = null;
  readonly held = 0;
  heldBytes = 0;
  drainOwed = false;
  closeRequest: { readonly code: number | undefined; readonly reason: string } | undefined;
  readonly #shell: PlainShell;
  #wasOpen = false;

  constructor(url: string, abroad: boolean, options: WireClientOptions) {
    this.url = url;
    this.#shell = new PlainShell(url, createTable(platform, abroad), options, this);
    this.status = { state: 'connecting', attempts: [] };
    this.#shell.run();
  }

  /**
   * Sends a message.
   * @returns false if the window (the limit of messages in flight) is exceeded; the message is sent nevertheless. After
   * `close`, returns false and sends nothing. @throws Error with a `code` if the message is not accepted
   */
  send(data: string | ByteSource): boolean {
    const { session } = this.#shell;
    if (this.readyState > 1) return false;
    const message = typeof data === 'string' ? messageFromText(data) : messageFromBytes(toBytes(data));
    if (message.byteLength > session.flow.limits.messageBytesMax) throw failure('message_too_big');
    if (!session.flow.accepts(message.byteLength)) throw failure('buffer_full');
    const below = session.send(message) === 'ok';
    this.count();
    return below;
  }

  close(code?: number, reason = ''): void {
    if (this.readyState > 1) return;
    this.closeRequest = { code, reason };
    this.readyState = 2;
    this.#shell.close();
  }

  use(transport: TransportName | null): void {
    this.#shell.use(transport);
  }

  retryNow(): void {
    this.#shell.care!.retryNow();
  }

  // ---- PlainFacade

  /** Delivers a message. The session acknowledges it when this method returns (SN-6). */
  deliver(message: Message): void {
    const { binary, bytes, text } = message;
    this.fire('message', { data: binary ? ((bytes as { buffer?: ArrayBuffer }).buffer ?? bytes) : text });
  }

  /** Calls a handler. If the handler throws, the browser reports the error as usual, and the session continues. */
  fire(type: string, fields?: object): void {
    const handler = (this as unknown as Record<string, Handler>)[`on${type}`];
    if (!handler) return;
    try {
      handler.call(this, Object.assign({ type, target: this }, fields));
    } catch (error) {
      setTimeout(() => {
        throw error;
      }, 0);
    }
  }

  changed(): void {
    const status = this.#shell.stated;
    this.count();
    if (JSON.stringify(status) === JSON.stringify(this.status)) return;
    this.status = status;
    this.transport = status.state === 'open' ? status.transport : null;
    if (this.transport && !this.#wasOpen) {
      this.#wasOpen = true;
      if (!this.readyState) this.readyState = 1;
      this.fire('open');
    }
    this.fire('statuschange');
  }

  ended(verdict: Verdict): void {
    this.readyState = 3;
    this.changed();
    if (!verdict.clean) this.fire('error');
    const request = verdict.clean ? this.closeRequest : undefined;
    const code = request?.code ?? closeCodeOf(verdict);
    this.fire('close', { code, reason: request?.reason ?? verdict.code, wasClean: verdict.clean });
  }

  count(): void {
    this.bufferedAmount = this.#shell.session.flow.bufferedAmount;
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { name: 'WireError', code });
}
