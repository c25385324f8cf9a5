import { Connection } from '../../packages/conformance/src/connection.js';
import { type FrameParts, frameBytes, readFrames } from '../../packages/conformance/src/frames.js';
import { HttpAnswer, type RequestParts, requestBytes } from '../../packages/conformance/src/http-exchange.js';
import type { Fields } from '../../packages/conformance/src/item.js';
import type { Target } from '../../packages/conformance/src/target.js';

/** What Node says of the connection, which is no affair of ours, and differs between its versions. */
const unspecified = /^(date|connection: keep-alive|keep-alive|transfer-encoding)\b/i;
const opcodes: Readonly<Record<number, string>> = { 1: 'text', 2: 'binary', 8: 'close', 9: 'ping', 10: 'pong' };

/** A conversation with a real server, written down as it happens. What is random in it gets a name instead. */
export class Transcript {
  readonly target: Target;
  readonly #lines: string[] = [];
  readonly #names: [string, string][] = [];
  #tickets = 0;

  constructor(target: Target) {
    this.target = target;
    this.#names.push([target.authority, 'example.org']);
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  /** From here on `value` is written as `name`. */
  name(value: unknown, name: string): void {
    this.#names.push([String(value), name]);
  }

  remark(text: string): void {
    if (this.#lines.length > 0) this.#lines.push('');
    this.#lines.push(`# ${text}`);
  }

  /** One request; the head of its answer is waited for, and written down. */
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

  /** Raw TCP: the hello instead of a request, and what it is answered with. */
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

  /** A POST whose whole answer is one record. */
  async post(name: string, record: Fields, headers: Readonly<Record<string, string>> = {}): Promise<Fields> {
    const all = { 'Content-Type': 'text/plain;charset=utf-8', ...headers };
    const answer = await this.#ask({ method: 'POST', name, headers: all, body: record });
    const text = (await answer.whole()).toString();
    const told = (text === '' ? {} : JSON.parse(text.split('\n')[0] ?? '')) as Fields;
    this.onRecord(told);
    this.#write('S>', text.trimEnd());
    answer.connection.cut();
    return told;
  }

  /** What is random in a record gets its name. */
  onRecord(record: Fields): void {
    if (record['t'] === 'opened') this.name(record['id'], 'SESSION-ID');
    if (record['t'] === 'ticket') this.#nameTicket(record['ticket']);
    // What is left of a pause, which depends on the machine.
    if (record['t'] === 'wait') this.name(`"ms":${String(record['ms'])}`, '"ms":…');
  }

  #nameTicket(ticket: unknown): void {
    this.#tickets += 1;
    this.name(ticket, `TICKET-${this.#tickets}`);
  }

  heard(text: string): void {
    for (const [, ticket] of text.matchAll(/"ticket":"([^"]+)"/g)) this.#nameTicket(ticket);
    this.#write('S>', text);
  }

  said(text: string): void {
    this.#write('C>', text);
  }

  #write(who: 'C>' | 'S>', text: string): void {
    for (const line of text.split(/\r?\n/)) {
      if (unspecified.test(line)) continue;
      const named = this.#names.reduce((so, [value, name]) => so.replaceAll(value, name), line);
      const shown = named
        .replace(/^(content-length): \d+$/i, '$1: …')
        .replaceAll('\0', '\\0')
        .replace(/ {100,}/, ({ length }) => `(${length} spaces)`);
      this.#lines.push(`${who} ${shown}`.trimEnd());
    }
  }
}

/** Where a link reads: the answer to a request, or a connection without one. */
interface Source {
  readonly connection: Connection;
  readonly body: { readonly bytes: Buffer; readonly whole: boolean };
}

/** A link within a transcript. */
export class Carrier {
  readonly answer: Source;
  readonly #masked: boolean;
  readonly #heard: (text: string) => void;
  readonly #said: (text: string) => void;
  readonly #onRecord: (record: Fields) => void;
  #at = 0;
  /** By lines, which `#at` counts the characters of. */
  #read = false;

  constructor(answer: Source, transcript: Pick<Transcript, 'heard' | 'said' | 'onRecord'>, masked = true) {
    this.answer = answer;
    this.#masked = masked;
    this.#heard = (text) => transcript.heard(text);
    this.#said = (text) => transcript.said(text);
    this.#onRecord = (record) => transcript.onRecord(record);
  }

  /** Waits for this text, and writes down what came up to the end of it: frames of a WebSocket or of a fetch stream. */
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
    for (const { opcode, payload } of frames) this.#heard(shown(opcode, payload));
    return record;
  }

  /** The same for text: events, or lines. */
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
    this.#heard(text.replace(/^\n/, ''));
  }

  /** An answer that is one record. */
  async told(): Promise<Fields> {
    const { connection } = this.answer;
    const text = await connection.until('a record', () =>
      this.answer.body.whole ? this.answer.body.bytes.toString() : undefined,
    );
    const record = JSON.parse(text) as Fields;
    this.#onRecord(record);
    this.#heard(text.trimEnd());
    return record;
  }

  /** Writes down what no `lines` did, and the end: a reader takes a transcript for all there was. */
  async end(): Promise<void> {
    await this.answer.connection.until('the end', () => this.answer.body.whole || this.answer.connection.ended);
    const left = this.#read ? this.answer.body.bytes.toString().slice(this.#at).trim() : '';
    if (left !== '') this.#heard(left);
    this.#heard('(end)');
  }

  record(fields: Fields): void {
    this.frame({ opcode: 1, payload: `\0${JSON.stringify(fields)}` });
  }

  frame(parts: FrameParts): void {
    this.answer.connection.write(frameBytes({ masked: this.#masked, ...parts }));
    this.#said(`${shown(parts.opcode, Buffer.from((parts.payload ?? '') as Uint8Array))}`);
  }

  cut(): void {
    this.answer.connection.cut();
    this.#said('(the connection is cut)');
  }
}

function shown(opcode: number, payload: Buffer): string {
  const name = `[${opcodes[opcode]}]`.padEnd(8);
  if (opcode === 8) return `${name} ${payload.length < 2 ? 'no code' : payload.readUInt16BE(0)}`;
  return `${name} ${opcode === 2 ? payload.toString('hex').replaceAll(/..(?=.)/g, '$& ') : payload.toString()}`;
}
