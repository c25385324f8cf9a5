const CRLF: Buffer = Buffer.from('\r\n', 'latin1');

/** Returns the bytes as one chunk of an HTTP/1.1 body (RFC 9112 section 7.1). */
export function chunkOf(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`, 'latin1'), bytes, CRLF]);
}
