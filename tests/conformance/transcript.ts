import { Connection } from '../../packages/conformance/src/connection.js';
import { type FrameParts, frameBytes, readFrames } from '../../packages/conformance/src/frames.js';
import { HttpAnswer, type RequestParts, requestBytes } from '../../packages/conformance/src/http-exchange.js';
import type { Fields } from '../../packages/conformance/src/item.js';
import type { Target } from '../../packages/conformance/src/target.js';

/** Headers that Node sets for the connection. They differ between its versions and are not specified. */
const unspecified = /^(date|connection: keep-alive|keep-alive|transfer-encoding)\b/i;
/** The names of frame types. */
const opcodes: Readonly<Record<number, string>> = { 1: 'text', 2: 'binary', 8: 'close', 9: 'ping', 10: 'pong' };

/** Records a conversation with a real server. Replaces random values by names. */
export class Transcript {
  readonly target: Target;
  readonly #lines: string[] = [];
  readonly #names: [string, string][] = [];
  #tickets = 0;

  constructor(target: Target) {
    this.target = target;
    this.#names.push([target.authority, 'example.org']);
  }

  /** The transcript so far. */
  get text(): string {
    return this.#lines.join('\n');
  }

  /** Writes `value` as `name` from now on. */
  name(value: unknown, name: string): void {
    this.#names.push([String(value), name]);
  }

  /** Writes a comment line. */
  remark(text: string): void {
    if (this.#lines.length > 0) this.#lines.push('');
    this.#lines.push(`# ${text}`);
  }

  /** Sends a request, waits for the head of its answer, and records both. */
  async request(parts: RequestParts): Promise<Carrier> {
    return new Carrier(await this.#ask(parts), this);
  }

  async #ask(parts: RequestParts): Promise<HttpAnswer> {
    const connection = await Connection.open(this.target);
    const bytes = requestBytes(this.target, parts);
    connection.write(bytes);
    this.#write('C>', bytes.toString().replace(/\r\n$/, ''));
    const answer = await HttpAnswer.read(connection);
    const end = connection.bytes.indexOf('\r\n\r\n');
    const boundary = /boundary="([^"]+)"/.exec(answer.headers.get('content-type') ?? '')?.[1];
    if (boundary !== undefined) this.name(boundary, 'BOUNDARY');
    this.#write('S>', `${connection.bytes.toString('latin1', 0, end)}\r\n`);
    return answer;
  }

  /** Opens a raw TCP connection, sends the hello, and records it and the server's hello. */
  async greet(port: number, hello: string): Promise<Carrier> {
    const connection = await Connection.open({ ...this.target, port });
    connection.write(hello);
    this.#write('C>', hello.trimEnd());
    const end = await connection.until('a line', () => connection.bytes.indexOf('\n') + 1 || undefined);
    this.#write('S>', connection.bytes.toString('latin1', 0, end - 1));
    const body = {
      get bytes(): Buffer {
        return connection.bytes.subarray(end);
      },
      get whole(): boolean {
        return connection.ended;
      },
    };
    return new Carrier({ connection, body }, this, false);
  }

  /** Sends a POST whose answer is one record, and returns that record. */
  async post(name: string, record: Fields, headers: Readonly<Record<string, string>> = {}): Promise<Fields> {
    const all = { 'Content-Type': 'text/plain;charset=utf-8', ...headers };
    const answer = await this.#ask({ method: 'POST', name, headers: all, body: record });
    const text = (await answer.whole()).toString();
    const received = (text === '' ? {} : JSON.parse(text.split('\n')[0] ?? '')) as Fields;
    this.onRecord(received);
    this.#write('S>', text.trimEnd());
    answer.connection.cut();
    return received;
  }

  /** Assigns names to the random values in a record. */
  onRecord(record: Fields): void {
    if (record['t'] === 'opened') this.name(record['id'], 'SESSION-ID');
    if (record['t'] === 'ticket') this.#nameTicket(record['ticket']);
    // The rest of a pause depends on the machine.
    if (record['t'] === 'wait') this.name(`"ms":${String(record['ms'])}`, '"ms":…');
  }

  #nameTicket(ticket: unknown): void {
    this.#tickets += 1;
    this.name(ticket, `TICKET-${this.#tickets}`);
  }

  /** Records a text of the server. */
  received(text: string): void {
    for (const [, ticket] of text.matchAll(/"ticket":"([^"]+)"/g)) this.#nameTicket(ticket);
    this.#write('S>', text);
  }

  /** Records a text of the client. */
  sent(text: string): void {
    this.#write('C>', text);
  }

  #write(side: 'C>' | 'S>', text: string): void {
    for (const line of text.split(/\r?\n/)) {
      if (unspecified.test(line)) continue;
      const named = this.#names.reduce((so, [value, name]) => so.replaceAll(value, name), line);
      const shown = named
        .replace(/^(content-length): \d+$/i, '$1: …')
        .replaceAll('\0', '\\0')
        .replace(/ {100,}/, ({ length }) => `(${length} spaces)`);
      this.#lines.push(`${side} ${shown}`.trimEnd());
    }
  }
}

/** The source of a link: the answer to a request, or a raw connection. */
interface Source {
  readonly connection: Connection;
  readonly body: { readonly bytes: Buffer; readonly whole: boolean };
}

/** A link whose traffic is recorded. */
export class Carrier {
  readonly answer: Source;
  /** Whether the client masks frames, as over a WebSocket. */
  readonly #masked: boolean;
  readonly #onReceived: (text: string) => void;
  readonly #onSent: (text: string) => void;
  readonly #onRecord: (record: Fields) => void;
  /** Number of recorded frames, or characters. */
  #at = 0;
  /** Whether `lines` has read from this link; `#at` then counts characters. */
  #read = false;

  constructor(answer: Source, transcript: Pick<Transcript, 'received' | 'sent' | 'onRecord'>, masked = true) {
    this.answer = answer;
    this.#masked = masked;
    this.#onReceived = (text) => transcript.received(text);
    this.#onSent = (text) => transcript.sent(text);
    this.#onRecord = (record) => transcript.onRecord(record);
  }

  /** Waits for a frame that contains this text, and records the frames up to it. For a WebSocket or a fetch stream. */
  async frames(until: string): Promise<Fields> {
    const frames = await this.answer.connection.until(until, () => {
      const all = readFrames(this.answer.body.bytes);
      const found = all.findIndex(
        (frame, at) => at >= this.#at && `[${opcodes[frame.opcode]}]${frame.payload}`.includes(until),
      );
      return found < 0 ? undefined : all.slice(this.#at, found + 1);
    });
    this.#at += frames.length;
    const last = frames.at(-1)?.payload.toString() ?? '';
    const record = last.startsWith('\0{') ? (JSON.parse(last.slice(1)) as Fields) : {};
    this.#onRecord(record);
    for (const { opcode, payload } of frames) this.#onReceived(shown(opcode, payload));
    return record;
  }

  /** Waits for a line that contains this text, and records the lines up to it. For streams of events or lines. */
  async lines(until: string): Promise<void> {
    const text = await this.answer.connection.until(until, () => {
      const all = this.answer.body.bytes.toString().slice(this.#at);
      const found = all.indexOf(until);
      if (found < 0) return undefined;
      const end = all.indexOf('\n', found);
      return end < 0 ? this.answer.body.whole && all : all.slice(0, end);
    });
    this.#at += text.length + 1;
    this.#read = true;
    this.#onReceived(text.replace(/^\n/, ''));
  }

  /** Reads and records an answer that is one record. */
  async readRecord(): Promise<Fields> {
    const { connection } = this.answer;
    const text = await connection.until('a record', () =>
      this.answer.body.whole ? this.answer.body.bytes.toString() : undefined,
    );
    const record = JSON.parse(text) as Fields;
    this.#onRecord(record);
    this.#onReceived(text.trimEnd());
    return record;
  }

  /** Waits for the end, and records it with any lines not recorded yet, so that the transcript is complete. */
  async end(): Promise<void> {
    await this.answer.connection.until('the end', () => this.answer.body.whole || this.answer.connection.ended);
    const left = this.#read ? this.answer.body.bytes.toString().slice(this.#at).trim() : '';
    if (left !== '') this.#onReceived(left);
    this.#onReceived('(end)');
  }

  /** Sends a control record as a frame. */
  record(fields: Fields): void {
    this.frame({ opcode: 1, payload: `\0${JSON.stringify(fields)}` });
  }

  frame(parts: FrameParts): void {
    this.answer.connection.write(frameBytes({ masked: this.#masked, ...parts }));
    this.#onSent(`${shown(parts.opcode, Buffer.from((parts.payload ?? '') as Uint8Array))}`);
  }

  cut(): void {
    this.answer.connection.cut();
    this.#onSent('(the connection is cut)');
  }
}

/** Returns a frame as text. */
function shown(opcode: number, payload: Buffer): string {
  const name = `[${opcodes[opcode]}]`.padEnd(8);
  if (opcode === 8) return `${name} ${payload.length < 2 ? 'no code' : payload.readUInt16BE(0)}`;
  return `${name} ${opcode === 2 ? payload.toString('hex').replaceAll(/..(?=.)/g, '$& ') : payload.toString()}`;
}
