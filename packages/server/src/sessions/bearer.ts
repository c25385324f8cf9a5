import type { IncomingMessage } from 'node:http';

/** The token of an `Authorization: Bearer` header (RFC 6750 section 2.1), where a client that is no page sends one. */
export function bearerOf(request: IncomingMessage): string | undefined {
  const header = request.headers.authorization;
  return header !== undefined && /^bearer /i.test(header) ? header.slice('bearer '.length).trim() : undefined;
}
