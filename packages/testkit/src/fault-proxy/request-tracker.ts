/** The parts of a request head that faults need. */
export interface TrackedRequest {
  readonly method: string;
  readonly url: string;
  readonly upgrade: boolean;
}

const HEAD_END = '\r\n\r\n';
/** The first line of raw TCP, sent instead of a request (TR-44). */
const HELLO = /^everywire\.[^\r\n]*\n/;
/** The longest request head that is parsed, bytes; a longer one passes untracked. */
const HEAD_BYTES_MAX = 65_536;

/**
 * Finds the request heads in the data of one client, skipping `Content-Length` bodies. Chunked bodies are not supported, because our
 * clients send none. After an Upgrade or the hello of raw TCP, tracking stops.
 */
export class RequestTracker {
  #head = '';
  #bodyLeft = 0;
  #blind = false;

  /** Returns the requests whose heads end in this piece, in order. */
  feed(piece: Buffer): TrackedRequest[] {
    const seen: TrackedRequest[] = [];
    let rest = piece;
    while (rest.length > 0 && !this.#blind) {
      const skipped = Math.min(this.#bodyLeft, rest.length);
      this.#bodyLeft -= skipped;
      rest = this.#readHead(rest.subarray(skipped), seen);
    }
    return seen;
  }

  #readHead(piece: Buffer, seen: TrackedRequest[]): Buffer {
    const before = this.#head.length;
    this.#head += piece.toString('latin1');
    if (HELLO.test(this.#head)) {
      seen.push({ method: 'hello', url: 'tcp', upgrade: false });
      this.#blind = true;
      return piece;
    }
    const end = this.#head.indexOf(HEAD_END);
    if (end < 0) {
      this.#blind = this.#head.length > HEAD_BYTES_MAX;
      return piece.subarray(piece.length);
    }
    const head = this.#head.slice(0, end);
    const [method = '', url = ''] = head.split(' ', 2);
    const upgrade = /\r\nupgrade: *websocket/i.test(head);
    seen.push({ method, url, upgrade });
    this.#head = '';
    this.#blind = upgrade;
    this.#bodyLeft = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    return piece.subarray(end + HEAD_END.length - before);
  }
}
