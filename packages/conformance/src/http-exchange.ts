import type { Connection } from './connection.js';
import { type Fields, isObject } from './item.js';
import type { Target } from './target.js';

/** The parts of an HTTP request to the server under test. */
export interface RequestParts {
  readonly method: string;
  /** The path after the prefix, with its query: `up`, `event-stream?ticket=…`. */
  readonly name: string;
  /** In addition to `Host` and `Content-Length`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes are sent unchanged, every other value as JSON. */
  readonly body?: unknown;
}

/** Encodes an HTTP/1.1 request. */
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

/** The answer to the one request of a connection, parsed as it arrives. */
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

  /** Waits for the head. Skips interim answers (1xx) except 101. */
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

  /** Returns the received part of the body, decoded from its chunks, and whether it is complete. */
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

  /** Parses the body as a JSON object; returns `undefined` for anything else. */
  async json(): Promise<Fields | undefined> {
    try {
      const value: unknown = JSON.parse((await this.whole()).toString());
      return isObject(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }
}

/**
 * Decodes chunks (RFC 9112 section 7.1). Stops at a chunk with an invalid length, because the rest cannot be parsed.
 */
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
