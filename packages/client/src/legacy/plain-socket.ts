import type { Verdict } from '@everywire/protocol';
import { type Message, messageFromBytes, messageFromText } from '@everywire/protocol/internal';
import { closeCodeOf } from '../close-code.js';
import type { Status, TransportName, WireClientOptions } from '../wire-client.js';
import { type ByteSource, toBytes } from './bytes.js';
import { type PlainFace, PlainShell } from './plain-shell.js';
import { platform } from './platform.js';
import { createTable } from './table.js';

type Handler = ((event: Record<string, unknown>) => void) | null;

/**
 * The face of a session where objects have plain fields alone and no listeners: looks like a WebSocket with its `on...`. Its
 * fields are set when what they say has changed; the build keeps their names.
 */
export class PlainSocket implements PlainFace {
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
  /** Requests are not in this build. */
  readonly onrequest: null = null;
  readonly held = 0;
  heldBytes = 0;
  drainOwed = false;
  closeWish: { readonly code: number | undefined; readonly reason: string } | undefined;
  readonly #shell: PlainShell;
  #wasOpen = false;

  constructor(url: string, abroad: boolean, options: WireClientOptions) {
    this.url = url;
    this.#shell = new PlainShell(url, createTable(platform, abroad), options, this);
    this.status = { state: 'connecting', attempts: [] };
    this.#shell.run();
  }

  /** @returns false above the window, and after `close`, when nothing was accepted. @throws Error with a `code`; nothing was accepted. */
  send(data: string | ByteSource): boolean {
    const { session } = this.#shell;
    if (this.readyState > 1) return false;
    const message = typeof data === 'string' ? messageFromText(data) : messageFromBytes(toBytes(data));
    if (message.byteLength > session.ledger.limits.messageBytesMax) throw failure('message_too_big');
    if (!session.ledger.accepts(message.byteLength)) throw failure('buffer_full');
    const below = session.send(message) === 'ok';
    this.count();
    return below;
  }

  close(code?: number, reason = ''): void {
    if (this.readyState > 1) return;
    this.closeWish = { code, reason };
    this.readyState = 2;
    this.#shell.close();
  }

  use(transport: TransportName | null): void {
    this.#shell.use(transport);
  }

  retryNow(): void {
    this.#shell.care!.retryNow();
  }

  // ---- PlainFace

  /** The message is acknowledged when this returns (SN-6). */
  tell(message: Message): void {
    const { binary, bytes, text } = message;
    this.fire('message', { data: binary ? ((bytes as { buffer?: ArrayBuffer }).buffer ?? bytes) : text });
  }

  /** What a handler throws is reported as the browser reports errors, and harms nothing here. */
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
    const wish = verdict.clean ? this.closeWish : undefined;
    const code = wish?.code ?? closeCodeOf(verdict);
    this.fire('close', { code, reason: wish?.reason ?? verdict.code, wasClean: verdict.clean });
  }

  count(): void {
    this.bufferedAmount = this.#shell.session.ledger.bufferedAmount;
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { name: 'WireError', code });
}
