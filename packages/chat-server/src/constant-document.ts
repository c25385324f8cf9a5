import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ContentCoding, chooseCoding } from './content-coding.js';

const compress = { br: promisify(brotliCompress), gzip: promisify(gzip) };

/** A document in all forms in which it is sent. `tag`: its `ETag`. */
interface Encoded {
  readonly plain: Buffer;
  readonly compressed: Readonly<Record<ContentCoding, Buffer>>;
  readonly tag: string;
}

/**
 * Serves a document that never changes while the server runs. Writes and compresses it at the first request; all
 * answers share its bytes, and a client with a current copy gets 304.
 */
export class ConstantDocument {
  readonly #type: string;
  readonly #write: () => string | Promise<string>;
  #encoded: Promise<Encoded> | null = null;

  /**
   * @param type value of `content-type`
   * @param write produces the document; called once, and again after a failure
   */
  constructor(type: string, write: () => string | Promise<string>) {
    this.#type = type;
    this.#write = write;
  }

  /** Answers with the document, compressed if the client accepts it, or with 304. */
  async answer({ headers }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { plain, compressed, tag } = await this.#encodeOnce();
    reply.headers({ etag: tag, 'cache-control': 'no-cache' });
    reply.header('vary', [reply.getHeader('vary'), 'Accept-Encoding'].flat().filter(Boolean).join(', '));
    if (namesTag(headers['if-none-match'], tag)) return reply.code(304).send();
    reply.type(this.#type);
    const coding = chooseCoding(headers['accept-encoding']);
    if (coding === null) return reply.send(plain);
    return reply.header('content-encoding', coding).send(compressed[coding]);
  }

  /** Encodes the document on first use. After a failure, the next request tries again. */
  #encodeOnce(): Promise<Encoded> {
    this.#encoded ??= this.#encode().catch((error: unknown) => {
      this.#encoded = null;
      throw error;
    });
    return this.#encoded;
  }

  async #encode(): Promise<Encoded> {
    const plain = Buffer.from(await this.#write());
    // The tag is weak, because the plain and the compressed documents share it (RFC 9110 section 8.8.3.3).
    const tag = `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
    const [br, gzipped] = await Promise.all([compress.br(plain), compress.gzip(plain)]);
    return { plain, compressed: { br, gzip: gzipped }, tag };
  }
}

/** Returns whether the condition includes the tag (RFC 9110 section 13.1.2, weak comparison). */
function namesTag(condition: string | undefined, tag: string): boolean {
  if (condition === undefined) return false;
  return condition.split(',').some((one) => one.trim() === '*' || bare(one) === bare(tag));
}

function bare(tag: string): string {
  return tag.trim().replace(/^W\//, '');
}
