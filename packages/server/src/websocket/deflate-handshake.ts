import type { IncomingMessage } from 'node:http';
import { negotiateDeflate } from './deflate-offer.js';
import { checkHandshake, type Handshake } from './websocket-handshake.js';

/**
 * Result of a handshake. `window`: the bits of the compression window for messages to the client, 8 to 15; absent if they must not
 * be compressed.
 */
export type DeflateHandshake = Handshake & { readonly window?: number };

/** Creates the check of opening handshakes, with or without permessage-deflate. */
export function createHandshakes(
  deflate: boolean,
): (request: IncomingMessage, carries: 'session' | 'raw') => DeflateHandshake {
  return (request, carries) => {
    const handshake = checkHandshake(request, carries);
    if (!deflate || handshake.kind === 'refused') return handshake;
    const answer = negotiateDeflate(request.headers['sec-websocket-extensions']);
    switch (answer.kind) {
      case 'declined':
        return handshake;
      case 'malformed':
        return { kind: 'refused', status: 400, code: 'extensions_malformed', headers: '' };
      case 'accepted': {
        const header = `Sec-WebSocket-Extensions: ${answer.response}\r\n\r\n`;
        return { ...handshake, response: handshake.response.slice(0, -2) + header, window: answer.window };
      }
    }
  };
}
