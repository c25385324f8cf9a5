import type { Verdict } from '@everywire/protocol';
import { type Message, messageFromBytes, messageFromText } from '@everywire/protocol/internal';
import { closeCodeOf } from './close-code.js';
import { SessionShell } from './session-shell.js';
import type { TransportTable } from './transport-table.js';
import type { Status, TransportName, WireClient, WireClientOptions } from './wire-client.js';
import { WireError } from './wire-error.js';

/** A message that waits for the Blob before it, or is one: then `message` comes when it has been read. */
interface Queued {
  readonly byteLength: number;
  message?: Message;
}

/** The face of a session: looks like a WebSocket. What it promises is written at `WireClient`. */
export class WireSocket extends EventTarget implements WireClient {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  readonly url: string;
  binaryType: 'blob' | 'arraybuffer' = 'blob';
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;

  readonly #shell: SessionShell;
  #status: Status = { state: 'connecting', attempts: [] };
  #wasOpen = false;
  /** Blobs being read, and what was sent after them. */
  #queue: Queued[] = [];
  #queuedBytes = 0;
  /** `send` returned false because of the queue, and `drain` is owed for it. */
  #drainOwed = false;
  #closeWish: { readonly code: number | undefined; readonly reason: string } | undefined;

  constructor(url: string, table: TransportTable, options: WireClientOptions) {
    super();
    this.url = url;
    // Handlers are called as listeners are, so that what they throw is reported in the same way.
    for (const type of ['open', 'message', 'error', 'close'] as const) {
      this.addEventListener(type, (event) => (this[`on${type}`] as ((event: Event) => void) | null)?.(event));
    }
    this.#shell = new SessionShell(url, table, options, {
      onMessage: (message) => this.#tell('message', this.#dataOf(message)),
      onDrain: () => {
        this.#pump();
        if (this.#queue.length === 0) this.#fire('drain');
      },
      onReset: (topic) => this.#tell('reset', topic),
      onChange: () => this.#changed(),
      onEnd: (verdict) => this.#ended(verdict),
    });
  }

  get readyState(): 0 | 1 | 2 | 3 {
    const { state } = this.#status;
    if (state === 'closed') return 3;
    return this.#closeWish ? 2 : this.#wasOpen ? 1 : 0;
  }

  get bufferedAmount(): number {
    return this.#shell.session.bufferedAmount + this.#queuedBytes;
  }

  get status(): Status {
    return this.#status;
  }

  get transport(): TransportName | null {
    return this.#status.state === 'open' ? this.#status.transport : null;
  }

  send(data: string | ArrayBuffer | ArrayBufferView | Blob): boolean {
    const { session } = this.#shell;
    if (this.#closeWish || session.done) return false;
    const queued: Queued = data instanceof Blob ? { byteLength: data.size } : toQueued(data);
    const { byteLength } = queued;
    if (byteLength > session.limits.messageBytesMax) throw new WireError('message_too_big');
    if (!session.accepts(this.#queuedBytes + byteLength)) throw new WireError('buffer_full');
    if (queued.message && this.#queue.length === 0) return session.send(queued.message) === 'ok';
    this.#queue.push(queued);
    this.#queuedBytes += byteLength;
    if (data instanceof Blob) this.#read(data, queued);
    const below = this.bufferedAmount <= session.limits.up.bytes;
    this.#drainOwed ||= !below;
    return below;
  }

  close(code?: number, reason = ''): void {
    this.#closeWish ??= { code, reason };
    this.#pump();
  }

  use(transport: TransportName | null): void {
    this.#shell.use(transport);
  }

  retryNow(): void {
    this.#shell.retryNow();
  }

  #read(blob: Blob, queued: Queued): void {
    blob.arrayBuffer().then(
      (buffer) => {
        queued.message = messageFromBytes(new Uint8Array(buffer));
        this.#pump();
      },
      // What was accepted can be delivered no more, for instance because the file is gone (SN-4).
      () => this.#shell.session.fail('unreadable'),
    );
  }

  /** Hands the session what has been read, in the order of sending; closes it when all has gone. */
  #pump(): void {
    const { session } = this.#shell;
    let result = 'ok';
    for (let next = this.#queue[0]; next?.message; next = this.#queue[0]) {
      result = session.send(next.message);
      if (result === 'full') return;
      this.#queue.shift();
      this.#queuedBytes -= next.byteLength;
    }
    if (this.#queue.length > 0) return;
    if (this.#drainOwed && result === 'ok') this.#fire('drain');
    this.#drainOwed = false;
    if (this.#closeWish) this.#shell.close();
  }

  #dataOf(message: Message): string | Blob | ArrayBuffer {
    if (!message.binary) return message.text;
    const bytes = message.bytes as Uint8Array<ArrayBuffer>;
    if (this.binaryType === 'blob') return new Blob([bytes]);
    return bytes.length === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
  }

  #tell(type: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(type, { data }));
  }

  #fire(type: string, fields?: object): void {
    this.dispatchEvent(Object.assign(new Event(type), fields));
  }

  #changed(): void {
    const { status } = this.#shell;
    // Few bytes, seldom: only links that come and go, and the timer, bring one here.
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return;
    this.#status = status;
    if (status.state === 'open' && !this.#wasOpen) {
      this.#wasOpen = true;
      this.#fire('open');
    }
    this.#fire('statuschange');
  }

  #ended(verdict: Verdict): void {
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#changed();
    if (!verdict.clean) this.#fire('error');
    const wish = verdict.clean ? this.#closeWish : undefined;
    const code = wish?.code ?? closeCodeOf(verdict);
    // Node 20 has no CloseEvent, and the fields are all that anybody reads of one.
    this.#fire('close', { code, reason: wish?.reason ?? verdict.code, wasClean: verdict.clean });
  }
}

function toQueued(data: string | ArrayBuffer | ArrayBufferView): Queued {
  const message =
    typeof data === 'string'
      ? messageFromText(data)
      : // The caller may go on using the memory.
        messageFromBytes(
          ArrayBuffer.isView(data)
            ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
            : new Uint8Array(data.slice(0)),
        );
  return { byteLength: message.byteLength, message };
}
