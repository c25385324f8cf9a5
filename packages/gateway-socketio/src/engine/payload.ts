/** Separates the packets of one HTTP body (Engine.IO 4, "Payload"). */
export const SEPARATOR = '\x1e';

/** Engine.IO packet types, as the first character of a packet. */
export const OPEN = '0';
/** The sender ends the connection. */
export const CLOSE = '1';
/** A ping, which the other end answers with a pong. */
export const PING = '2';
/** The answer to a ping. */
export const PONG = '3';
/** A message of the application, which here is a Socket.IO packet. */
export const MESSAGE = '4';
/** The client switches from polling to the WebSocket. */
export const UPGRADE = '5';
/** Nothing. It ends a held poll when the client switches to the WebSocket. */
export const NOOP = '6';
/** The prefix of a base64-encoded binary message in a body. */
export const BASE64 = 'b';

/** Maximum packets in one body. Limited, because each packet costs work however short it is. */
const PACKETS_MAX = 1_000;

/** Splits a body into its packets. Returns `null` if there are too many. */
export function splitPayload(body: string): readonly string[] | null {
  const packets = body.split(SEPARATOR, PACKETS_MAX + 1);
  return packets.length > PACKETS_MAX ? null : packets;
}
