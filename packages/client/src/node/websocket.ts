import { createHash, randomBytes } from 'node:crypto';
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { encodeMaskedFrame, headedProtocol, type Opcode, offeredProtocols } from '@everywire/protocol/internal';
import { recordBytesMax } from '../limits.js';
import type { Carrier, Connect } from '../transport.js';
import { factsOf, platformCodeOf } from '../transports/refusal-of.js';
import { openSocketCarrier } from './socket-carrier.js';

/** RFC 6455 §1.3: proves that the other side has read the key as a WebSocket server would. */
const acceptSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A WebSocket over `node:http`, in the client's role, with the frame code of protocol: Node 20 has none of its own. */
export const connect: Connect = (request, events) => {
  const key = randomBytes(16).toString('base64');
  const offered = offeredProtocols(request.head);
  const opening = startOpeningHandshake(request.url, key, offered);
  let carrier: Carrier | undefined;
  opening.on('upgrade', (response, socket, head) => {
    const accept = createHash('sha1')
      .update(key + acceptSuffix)
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
  // Anything but 101 is an answer from a server or proxy that does not upgrade.
  opening.on('response', async (response) => {
    const facts = await factsOf(response.statusCode ?? 0, beginningOf(response));
    response.destroy();
    events.onEnded(false, 'refused', facts);
  });
  opening.on('error', (error) => {
    const code = platformCodeOf(error);
    events.onEnded(false, 'refused', code ? { code } : undefined);
  });
  opening.end();
  return {
    writeRecord: (record) => carrier?.writeRecord?.(record),
    writeMessages: (source, first, last) => carrier?.writeMessages?.(source, first, last),
    close: () => (carrier ? carrier.close() : opening.destroy()),
  };
};

/** As much of an answer as an error of ours is long. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of response.setEncoding('latin1')) {
    text += part;
    if (text.length > recordBytesMax) break;
  }
  return text;
}

/** RFC 6455 §4.1: to our own key; an extension was not asked for, whatever its parameters are. */
function isAnswer(headers: IncomingHttpHeaders, accept: string): boolean {
  const upgraded = headers.upgrade?.toLowerCase() === 'websocket' && headers['sec-websocket-accept'] === accept;
  return upgraded && headers['sec-websocket-extensions'] === undefined;
}

/** RFC 6455 §4.1: the client's side of the opening handshake. */
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

/** The key of each frame is fresh and unpredictable (RFC 6455 §10.3). */
function encode(opcode: Opcode, payload: Uint8Array): Uint8Array {
  return encodeMaskedFrame(opcode, payload, randomBytes(4).readInt32BE());
}
