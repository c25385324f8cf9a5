/** Bytes of a block, into which small pieces are copied. A piece of at least this size is kept without a copy. */
const BLOCK_BYTES = 4_096;

const EMPTY = Buffer.alloc(0);

/**
 * Collects a body while it is read. Uses at most twice as much memory as bytes were received. Keeps a large piece as it
 * is, unless the piece is a small part of a larger buffer. Copies small pieces into blocks, because each piece would
 * keep an object and its whole buffer in memory. Copies nothing twice before the body is complete, so an endless body
 * creates no garbage.
 */
export class BodyPieces {
  #first: Buffer = EMPTY;
  /** The pieces after the first; most bodies have none. */
  #more: Buffer[] | null = null;
  #block: Buffer = EMPTY;
  #blockBytes = 0;
  #length = 0;

  /** Bytes received so far. */
  get length(): number {
    return this.#length;
  }

  /** Adds a piece. The caller must not change its bytes afterwards. */
  add(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length === piece.length) this.#first = piece;
    else if (piece.length >= BLOCK_BYTES && piece.length * 2 >= piece.buffer.byteLength) this.#keep(piece);
    else this.#copy(piece);
  }

  /** Returns the whole body and drops it. A body in one piece is not copied. */
  take(): Buffer {
    this.#endBlock();
    const whole = this.#more === null ? this.#first : Buffer.concat([this.#first, ...this.#more], this.#length);
    this.clear();
    return whole;
  }

  /** Drops everything. */
  clear(): void {
    this.#first = EMPTY;
    this.#more = null;
    this.#block = EMPTY;
    this.#blockBytes = 0;
    this.#length = 0;
  }

  #keep(piece: Buffer): void {
    this.#endBlock();
    this.#push(piece);
  }

  #push(piece: Buffer): void {
    this.#more ??= [];
    this.#more.push(piece);
  }

  #copy(piece: Buffer): void {
    for (let at = 0; at < piece.length; ) {
      if (this.#blockBytes === this.#block.length) {
        this.#endBlock();
        this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      }
      const copied = piece.copy(this.#block, this.#blockBytes, at);
      this.#blockBytes += copied;
      at += copied;
    }
  }

  #endBlock(): void {
    if (this.#blockBytes === 0) return;
    this.#push(this.#block.subarray(0, this.#blockBytes));
    this.#block = EMPTY;
    this.#blockBytes = 0;
  }
}
