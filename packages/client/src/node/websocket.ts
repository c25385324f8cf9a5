import { createHash, randomBytes } from 'node:crypto';
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { encodeMaskedFrame, headedProtocol, type Opcode, offeredProtocols } from '@everywire/protocol/internal';
import { RECORD_BYTES_MAX } from '../limits.js';
import type { Carrier, Connect } from '../transport.js';
import { factsOf, factsOfFailure } from '../transports/refusal-of.js';
import { openSocketCarrier } from './socket-carrier.js';

/** Constant of RFC 6455 §1.3, by which the server proves that it read the key. */
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * Starts a WebSocket carrier over `node:http` with the protocol's frame code, because the WebSocket of Node does not show
 * the answer of a server or proxy that refuses.
 */
export const connect: Connect = (request, events) => {
  const key = randomBytes(16).toString('base64');
  const offered = offeredProtocols(request.head);
  const opening = startOpeningHandshake(request.url, key, offered);
  let carrier: Carrier | undefined;
  opening.on('upgrade', (response, socket, head) => {
    const accept = createHash('sha1')
      .update(key + ACCEPT_SUFFIX)
      .digest('base64');
    const chosen = response.headers['sec-websocket-protocol'] ?? '';
    if (!isAnswer(response.headers, accept) || !offered.includes(chosen)) {
      socket.destroy();
      events.onEnded(false, 'refused');
      return;
    }
    carrier = openSocketCarrier(socket, head, encode, request, events);
    events.onOpened(chosen === headedProtocol);
  });
  // Any status other than 101 is the answer of a server or proxy that does not upgrade.
  opening.on('response', async (response) => {
    const facts = await factsOf(response.statusCode ?? 0, beginningOf(response));
    response.destroy();
    events.onEnded(false, 'refused', facts);
  });
  opening.on('error', (error) => events.onEnded(false, 'refused', factsOfFailure(error)));
  opening.end();
  return {
    writeRecord: (record) => carrier?.writeRecord?.(record),
    writeMessages: (source, first, last) => carrier?.writeMessages?.(source, first, last),
    close: () => (carrier ? carrier.close() : opening.destroy()),
  };
};

/** Returns the body of an error response, or its beginning, which is enough for an error of our server. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of response.setEncoding('latin1')) {
    text += part;
    if (text.length > RECORD_BYTES_MAX) break;
  }
  return text;
}

/** Returns whether the handshake is valid: it accepts our key and names no extension, as none was offered (RFC 6455 §4.1). */
function isAnswer(headers: IncomingHttpHeaders, accept: string): boolean {
  const upgraded = headers.upgrade?.toLowerCase() === 'websocket' && headers['sec-websocket-accept'] === accept;
  return upgraded && headers['sec-websocket-extensions'] === undefined;
}

/** Returns the client's headers of the opening handshake (RFC 6455 §4.1). */
function startOpeningHandshake(prefix: string, key: string, offered: readonly string[]): ClientRequest {
  const url = `${prefix}/websocket`;
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
    'sec-websocket-protocol': offered.join(', '),
  };
  return url.startsWith('https:')
    ? requestHttps(url, { agent: false, headers })
    : requestHttp(url, { agent: false, headers });
}

/** Encodes a frame with a new, unpredictable masking key (RFC 6455 §10.3). */
function encode(opcode: Opcode, payload: Uint8Array): Uint8Array {
  return encodeMaskedFrame(opcode, payload, randomBytes(4).readInt32BE());
}
