import { type Verdict, WireError } from '@everywire/protocol';
import { type Data, type Message, messageFromBytes, messageFromText } from '@everywire/protocol/internal';
import { now } from './clock.js';
import { closeCodeOf } from './close-code.js';
import { isBlob } from './is-blob.js';
import { Listeners } from './listeners.js';
import { ClientShell } from './session-shell.js';
import type { ClientFacade, Sender, Shell } from './stages.js';
import type { TransportTable } from './transport-table.js';
import type {
  RequestHandler,
  RequestOptions,
  SendOptions,
  Status,
  TransportName,
  WireClient,
  WireClientOptions,
  WireHandler,
} from './wire-client.js';

/**
 * The object that an application uses: a session with the interface of a WebSocket. See `WireClient`. It passes calls
 * to the session and its shell, and dispatches their events.
 */
export class WireSocket extends Listeners implements WireClient, ClientFacade {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  declare readonly url: string;
  binaryType: 'blob' | 'arraybuffer' = 'blob';
  onopen: WireHandler<'open'> | null = null;
  onmessage: WireHandler<'message'> | null = null;
  onerror: WireHandler<'error'> | null = null;
  onclose: WireHandler<'close'> | null = null;
  onstatuschange: WireHandler<'statuschange'> | null = null;
  ondrain: WireHandler<'drain'> | null = null;
  onreset: WireHandler<'reset'> | null = null;
  onrefused: WireHandler<'refused'> | null = null;
  onrequest: RequestHandler | null = null;
  held = 0;
  heldBytes = 0;
  declare drainOwed: boolean | undefined;
  declare closeRequest: { readonly code: number | undefined; readonly reason: string } | undefined;

  readonly #shell: Shell;
  #status: Status;
  #wasOpen: boolean | undefined;
  /**
   * Functions that reject the promises of calls made before the second stage (the code that is loaded after the page)
   * was loaded. They are needed if the session ends before it is loaded.
   */
  readonly #waiting: ((error: WireError) => void)[] = [];

  constructor(url: string, table: TransportTable, options: WireClientOptions) {
    super();
    this.url = url;
    this.#shell = new (table.shell ?? ClientShell)(url, table, options, this);
    this.#status = this.#shell.stated;
  }

  get readyState(): 0 | 1 | 2 | 3 {
    if (this.#status.state === 'closed') return 3;
    return this.closeRequest ? 2 : this.#wasOpen ? 1 : 0;
  }

  get bufferedAmount(): number {
    return this.#shell.session.flow.bufferedAmount + this.heldBytes;
  }

  get status(): Status {
    return this.#status;
  }

  get transport(): TransportName | null {
    return (this.#status as { readonly transport?: TransportName }).transport ?? null;
  }

  send(data: string | ArrayBuffer | ArrayBufferView | Blob): boolean;
  send(data: string | ArrayBuffer | ArrayBufferView | Blob, options: SendOptions): Promise<void>;
  send(data: string | ArrayBuffer | ArrayBufferView | Blob, options?: SendOptions): boolean | Promise<void> {
    if (options) return this.#promise(data, (queue, item, bytes) => queue.send(item, bytes, options));
    const { session } = this.#shell;
    if (this.#over) return false;
    const item = toItem(data);
    const bytes = this.#admit(item);
    if (!this.held && !isBlob(item)) return session.send(item) === 'ok';
    this.#hold(bytes, (queue) => queue.send(item, bytes));
    const below = this.bufferedAmount <= session.flow.limits.up.bytes;
    this.drainOwed ||= !below;
    return below;
  }

  request(data: string | ArrayBuffer | ArrayBufferView, options?: RequestOptions): Promise<Data> {
    const asked = now();
    return this.#promise(data, (queue, item, bytes) => queue.request(item, bytes, options, asked));
  }

  close(code?: number, reason = ''): void {
    this.closeRequest ??= { code, reason };
    if (!this.held) this.#shell.close();
  }

  terminate(): void {
    this.#shell.session.fail('aborted');
  }

  use(transport: TransportName | null): void {
    this.#shell.use(transport);
  }

  retryNow(): void {
    this.#shell.join((care) => care.retryNow());
  }

  /** Truthy if nothing can be sent any more, because the session ended or `close` was called. */
  get #over(): unknown {
    return this.closeRequest || this.#shell.session.flow.done;
  }

  #promise<T>(
    data: string | ArrayBuffer | ArrayBufferView | Blob,
    task: (queue: Sender, item: Message | Blob, bytes: number) => T,
  ): Promise<Awaited<T>> {
    return new Promise((resolve, reject) => {
      if (this.#over) throw new WireError('closed', here);
      const item = toItem(data);
      const bytes = this.#admit(item);
      if (!this.#shell.care) this.#waiting.push(reject);
      this.#hold(bytes, (queue) => task(queue, item, bytes)).then(resolve as (value: T) => void, reject);
    });
  }

  /** Checks an item against the limits. @returns the item's bytes. @throws WireError if the item cannot be accepted */
  #admit(item: Message | Blob): number {
    const { flow } = this.#shell.session;
    const bytes = isBlob(item) ? item.size : item.byteLength;
    if (bytes > flow.limits.messageBytesMax) throw new WireError('message_too_big', here);
    if (!flow.accepts(this.heldBytes + bytes)) throw new WireError('buffer_full', here);
    return bytes;
  }

  /**
   * Reserves the place of an item in the sending order. Used for an item that only the second stage can send, or that
   * follows such an item.
   */
  #hold<T>(bytes: number, task: (queue: Sender) => T): Promise<T> {
    this.held += 1;
    this.heldBytes += bytes;
    return this.#shell.join((care) => care.queue.run(bytes, task));
  }

  /** Delivers a message. The session acknowledges it when this method returns (SN-6). */
  deliver(message: Message): void {
    this.dispatchEvent(new MessageEvent('message', { data: this.#dataOf(message) }));
  }

  #dataOf(message: Message): string | Blob | ArrayBuffer {
    if (!message.binary) return message.text;
    const bytes = message.bytes as Uint8Array<ArrayBuffer>;
    if (this.binaryType === 'blob') return new Blob([bytes]);
    return bytes.length === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
  }

  fire(type: string, fields?: object): void {
    this.dispatchEvent(Object.assign(new Event(type), fields));
  }

  changed(): void {
    const status = this.#shell.stated;
    // A comparison of texts is cheap enough, because this is called only when a link changes or the timer fires.
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return;
    this.#status = status;
    if (status.state === 'open' && !this.#wasOpen) {
      this.#wasOpen = true;
      this.fire('open');
    }
    this.fire('statuschange');
  }

  ended(verdict: Verdict): void {
    this.held = this.heldBytes = 0;
    // Once the second stage is loaded, it has rejected these calls itself.
    for (const reject of this.#waiting) reject(new WireError(verdict.code, here));
    this.changed();
    if (!verdict.clean) this.fire('error');
    // Only a clean end has the code and reason of the application. `request` is `false` otherwise, which has neither
    // property.
    const request = (verdict.clean && this.closeRequest) as WireSocket['closeRequest'];
    const code = request?.code ?? closeCodeOf(verdict);
    // Node 22 has no CloseEvent, and only its fields are ever read.
    this.fire('close', { code, reason: request?.reason ?? verdict.code, wasClean: verdict.clean });
  }
}

const here = { side: 'client' } as const;

/** @throws TypeError if the argument is not data */
function toItem(data: string | ArrayBuffer | ArrayBufferView | Blob): Message | Blob {
  if (isBlob(data)) return data;
  if (typeof data === 'string') return messageFromText(data);
  const source = Object(data);
  // A buffer counts as a view of itself. For anything else, `Uint8Array` would create a new buffer.
  const { buffer = source, byteOffset, byteLength } = source;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  if (bytes.buffer !== buffer) throw new TypeError('text or bytes only');
  // The caller may continue to use the memory.
  return messageFromBytes(bytes.slice());
}
