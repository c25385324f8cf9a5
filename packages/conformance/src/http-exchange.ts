import type { Connection } from './connection.js';
import { type Fields, isObject } from './item.js';
import type { Target } from './target.js';

export interface RequestParts {
  readonly method: string;
  /** Behind the prefix, with its query: `up`, `event-stream?ticket=…`. */
  readonly name: string;
  /** Besides `Host` and `Content-Length`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A value is sent as JSON, text and bytes as they are. */
  readonly body?: unknown;
}

/** The bytes of an HTTP/1.1 request. */
export function requestBytes(target: Target, { method, name, headers = {}, body }: RequestParts): Buffer {
  const content = bodyBytes(body);
  const lines = [`${method} ${target.path}/${name} HTTP/1.1`, `Host: ${target.authority}`];
  for (const [header, value] of Object.entries(headers)) lines.push(`${header}: ${value}`);
  if (content !== undefined && !('content-length' in headers)) lines.push(`Content-Length: ${content.length}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content ?? Buffer.alloc(0)]);
}

function bodyBytes(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The answer to one request on a connection of its own, read as it comes. */
export class HttpAnswer {
  readonly connection: Connection;
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly #bodyAt: number;

  private constructor(connection: Connection, head: string, bodyAt: number) {
    const [statusLine = '', ...lines] = head.split('\r\n');
    this.connection = connection;
    this.status = Number(statusLine.split(' ')[1]);
    this.headers = new Map(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).trim().toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    );
    this.#bodyAt = bodyAt;
  }

  /** Waits for the head; interim answers (1xx) are passed over, but 101. */
  static async read(connection: Connection, what = 'an answer'): Promise<HttpAnswer> {
    let from = 0;
    for (;;) {
      const end = await connection.until(what, () => {
        const at = connection.bytes.indexOf('\r\n\r\n', from);
        return at < 0 ? undefined : at;
      });
      const answer = new HttpAnswer(connection, connection.bytes.toString('latin1', from, end), end + 4);
      if (answer.status >= 200 || answer.status === 101) return answer;
      from = end + 4;
    }
  }

  /** What came of the body, taken out of its chunks, and whether that is all. */
  get body(): { readonly bytes: Buffer; readonly whole: boolean } {
    const { connection, headers } = this;
    const bytes = connection.bytes.subarray(this.#bodyAt);
    if (this.status === 101) return { bytes, whole: connection.ended };
    if (this.status === 204 || this.status === 304) return { bytes: bytes.subarray(0, 0), whole: true };
    const length = headers.get('content-length');
    if (length !== undefined)
      return { bytes: bytes.subarray(0, Number(length)), whole: bytes.length >= Number(length) };
    if (headers.get('transfer-encoding') === 'chunked') return readChunks(bytes);
    return { bytes, whole: connection.ended };
  }

  async whole(): Promise<Buffer> {
    return this.connection.until('the whole answer', () => (this.body.whole ? this.body.bytes : undefined));
  }

  /** The body as an object of JSON; `undefined` for anything else. */
  async json(): Promise<Fields | undefined> {
    try {
      const value: unknown = JSON.parse((await this.whole()).toString());
      return isObject(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }
}

/** RFC 9112 section 7.1. A chunk whose length is no number ends it: what follows cannot be read. */
function readChunks(bytes: Buffer): { readonly bytes: Buffer; readonly whole: boolean } {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return { bytes: Buffer.concat(parts), whole: false };
    const [digits = ''] = /^[\da-f]+/i.exec(bytes.toString('latin1', at, lineEnd)) ?? [];
    if (digits === '') return { bytes: Buffer.concat(parts), whole: false };
    const length = Number.parseInt(digits, 16);
    if (length === 0) return { bytes: Buffer.concat(parts), whole: bytes.indexOf('\r\n\r\n', at) >= 0 };
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 4 + length;
    if (at > bytes.length) return { bytes: Buffer.concat(parts), whole: false };
  }
}
