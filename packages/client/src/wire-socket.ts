import type { Verdict } from '@everywire/protocol';
import { type Data, type Message, messageFromBytes, messageFromText } from '@everywire/protocol/internal';
import { closeCodeOf } from './close-code.js';
import { SessionShell } from './session-shell.js';
import type { Desk, Face } from './stages.js';
import type { TransportTable } from './transport-table.js';
import type {
  RequestHandler,
  RequestOptions,
  SendOptions,
  Status,
  TransportName,
  WireClient,
  WireClientOptions,
} from './wire-client.js';
import { WireError } from './wire-error.js';

/** The face of a session: looks like a WebSocket. What it promises is written at `WireClient`. */
export class WireSocket extends EventTarget implements WireClient, Face {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  declare readonly url: string;
  binaryType: 'blob' | 'arraybuffer' = 'blob';
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  onrequest: RequestHandler | null = null;
  held = 0;
  heldBytes = 0;
  drainOwed = false;
  declare closeWish: { readonly code: number | undefined; readonly reason: string } | undefined;

  readonly #shell: SessionShell;
  #status: Status;
  #wasOpen = false;
  /** Rejects what was wished for before the second stage was there: it may never come. */
  readonly #waiting: ((error: WireError) => void)[] = [];

  constructor(url: string, table: TransportTable, options: WireClientOptions) {
    super();
    this.url = url;
    // Handlers are called as listeners are, so that what they throw is reported in the same way.
    for (const type of ['open', 'message', 'error', 'close'] as const) {
      this.addEventListener(type, (event) => (this[`on${type}`] as ((event: Event) => void) | null)?.(event));
    }
    this.#shell = new SessionShell(url, table, options, this);
    this.#status = this.#shell.stated;
  }

  get readyState(): 0 | 1 | 2 | 3 {
    const { state } = this.#status;
    if (state === 'closed') return 3;
    return this.closeWish ? 2 : this.#wasOpen ? 1 : 0;
  }

  get bufferedAmount(): number {
    return this.#shell.session.bufferedAmount + this.heldBytes;
  }

  get status(): Status {
    return this.#status;
  }

  get transport(): TransportName | null {
    return this.#status.state === 'open' ? this.#status.transport : null;
  }

  send(data: string | ArrayBuffer | ArrayBufferView | Blob): boolean;
  send(data: string | ArrayBuffer | ArrayBufferView | Blob, options: SendOptions): Promise<void>;
  send(data: string | ArrayBuffer | ArrayBufferView | Blob, options?: SendOptions): boolean | Promise<void> {
    if (options) return this.#promise(data, (desk, item, bytes) => desk.send(item, bytes, options));
    const { session } = this.#shell;
    if (this.#over) return false;
    const item = toItem(data);
    const bytes = this.#admit(item);
    if (!this.held && !(item instanceof Blob)) return session.send(item) === 'ok';
    this.#hold(bytes, (desk) => desk.send(item, bytes));
    const below = this.bufferedAmount <= session.limits.up.bytes;
    this.drainOwed ||= !below;
    return below;
  }

  request(data: string | ArrayBuffer | ArrayBufferView, options: RequestOptions = {}): Promise<Data> {
    return this.#promise(data, (desk, item, bytes) => desk.request(item as Message, bytes, options));
  }

  close(code?: number, reason = ''): void {
    this.closeWish ??= { code, reason };
    if (!this.held) this.#shell.close();
  }

  use(transport: TransportName | null): void {
    this.#shell.use(transport);
  }

  retryNow(): void {
    this.#shell.join((care) => care.retryNow());
  }

  get #over(): unknown {
    return this.closeWish || this.#shell.session.done;
  }

  #promise<T>(
    data: string | ArrayBuffer | ArrayBufferView | Blob,
    task: (desk: Desk, item: Message | Blob, bytes: number) => T,
  ): Promise<Awaited<T>> {
    return new Promise((resolve, reject) => {
      if (this.#over) throw new WireError('closed');
      const item = toItem(data);
      const bytes = this.#admit(item);
      if (!this.#shell.care) this.#waiting.push(reject);
      this.#hold(bytes, (desk) => task(desk, item, bytes)).then(resolve as (value: T) => void, reject);
    });
  }

  /** @returns its bytes. @throws WireError where it cannot be taken */
  #admit(item: Message | Blob): number {
    const { session } = this.#shell;
    const bytes = item instanceof Blob ? item.size : item.byteLength;
    if (bytes > session.limits.messageBytesMax) throw new WireError('message_too_big');
    if (!session.accepts(this.heldBytes + bytes)) throw new WireError('buffer_full');
    return bytes;
  }

  /** Keeps the place of what only the second stage can send, or of what comes after it. */
  #hold<T>(bytes: number, task: (desk: Desk) => T): Promise<T> {
    this.held += 1;
    this.heldBytes += bytes;
    return this.#shell.join((care) => task(care.desk));
  }

  /** The message is acknowledged when this returns (SN-6). */
  tell(message: Message): void {
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
    // Few bytes, seldom: only links that come and go, and the timer, bring one here.
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
    // Once it is there, its desk settles them.
    if (!this.#shell.care) for (const reject of this.#waiting) reject(new WireError(verdict.code));
    this.changed();
    if (!verdict.clean) this.fire('error');
    const wish = verdict.clean ? this.closeWish : undefined;
    const code = wish?.code ?? closeCodeOf(verdict);
    // Node 20 has no CloseEvent, and the fields are all that anybody reads of one.
    this.fire('close', { code, reason: wish?.reason ?? verdict.code, wasClean: verdict.clean });
  }
}

function toItem(data: string | ArrayBuffer | ArrayBufferView | Blob): Message | Blob {
  if (data instanceof Blob) return data;
  if (typeof data === 'string') return messageFromText(data);
  // The caller may go on using the memory.
  return messageFromBytes(
    ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
      : new Uint8Array(data.slice(0)),
  );
}
