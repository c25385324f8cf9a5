/** A WebSocket close code: its meaning, and whether a client that receives it should reconnect by itself. */
export interface CloseCode {
  readonly code: number;
  readonly meaning: string;
  readonly reconnect: boolean;
}

/**
 * Lists every close code with a meaning here: those of RFC 6455 §7.4.1 and its registry. They close a *link*; the end
 * of a *session*, which uses many links one after the other, has its own code. Codes are never reused.
 *
 * Application codes from 4000 to 4499 are final; a client reconnects after those from 4500 to 4999.
 */
export const CLOSE_CODES: readonly CloseCode[] = [
  { code: 1000, meaning: 'normal: the connection has served its purpose', reconnect: false },
  { code: 1001, meaning: 'going away: the server stops or the page is closed', reconnect: true },
  { code: 1002, meaning: 'protocol error: the other end broke the framing rules', reconnect: true },
  { code: 1003, meaning: 'unsupported data: a kind of message that this end does not accept', reconnect: false },
  { code: 1005, meaning: 'no code: the close frame was empty; never on the wire', reconnect: true },
  { code: 1006, meaning: 'abnormal: ended without a close frame; never on the wire', reconnect: true },
  { code: 1007, meaning: 'invalid data: text that is not UTF-8', reconnect: true },
  { code: 1008, meaning: 'policy: refused without a better code', reconnect: false },
  { code: 1009, meaning: 'too big: a message above the announced limits', reconnect: false },
  { code: 1010, meaning: 'an extension the client needs was not negotiated', reconnect: false },
  { code: 1011, meaning: 'internal error at the server', reconnect: true },
  { code: 1012, meaning: 'the service restarts', reconnect: true },
  { code: 1013, meaning: 'overloaded: try again later', reconnect: true },
  { code: 1014, meaning: 'a gateway got an invalid answer from the server behind it', reconnect: true },
  { code: 1015, meaning: 'the TLS handshake failed; never on the wire', reconnect: true },
];

/**
 * Returns whether a client closed with `code` should reconnect by itself. Of unknown codes, only those from 4500 do.
 */
export function reconnectsAfter(code: number): boolean {
  return CLOSE_CODES.find((known) => known.code === code)?.reconnect ?? code >= 4500;
}

/**
 * Returns whether a close frame may carry `code` (RFC 6455 §7.4: not 1004 to 1006, not 1015, nothing unassigned below
 * 3000).
 */
export function isCloseCodeOnWire(code: number): boolean {
  if (code < 3000) return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
  return code <= 4999;
}
