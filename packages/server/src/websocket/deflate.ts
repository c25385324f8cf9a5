import { isUtf8 } from 'node:buffer';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

/** The bytes that a sender omits at the end of each compressed message (RFC 7692 section 7.2.1). */
const OMITTED_END = Buffer.from([0x00, 0x00, 0xff, 0xff]);
/** The bytes that a receiver appends: the omitted ones, and a last, empty block, without which zlib regards the data as incomplete. */
const END = Buffer.from([...OMITTED_END, 0x01, 0x00, 0x00, 0xff, 0xff]);

/**
 * Level 1 is used because its results for chat and JSON are at most 15 % longer than those of level 6, in a third of the time. Each
 * call has its own context of about 270 kB and frees it on return, so memory does not grow with the number of connections.
 */
const OPTIONS = { level: 1, windowBits: 15, memLevel: 8, finishFlush: constants.Z_SYNC_FLUSH } as const;

/** Returns the payload of a message in compressed form (RFC 7692 section 7.2.1). It does not refer to earlier messages. */
export function compress(payload: Uint8Array): Uint8Array {
  const compressed = deflateRawSync(payload, OPTIONS);
  return compressed.subarray(0, compressed.length - OMITTED_END.length);
}

/**
 * Returns the content of a compressed message. Allocates at most `bytesMax` and one buffer of zlib.
 *
 * @returns the content, or the close code for the connection: 1009 for longer content, 1007 for invalid data
 */
export function decompress(binary: boolean, payload: Uint8Array, bytesMax: number): Uint8Array | 1007 | 1009 {
  try {
    const content = inflateRawSync(Buffer.concat([payload, END]), { maxOutputLength: bytesMax });
    return binary || isUtf8(content) ? content : 1007;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 1009 : 1007;
  }
}
