import type { IncomingMessage } from 'node:http';

/** Returns the token of an `Authorization: Bearer` header (RFC 6750 section 2.1), which clients outside browsers may send. */
export function bearerOf(request: IncomingMessage): string | undefined {
  const header = request.headers.authorization;
  return header !== undefined && /^bearer /i.test(header) ? header.slice('bearer '.length).trim() : undefined;
}
