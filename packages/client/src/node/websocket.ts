import { createHash, randomBytes } from 'node:crypto';
import { type ClientRequest, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Duplex } from 'node:stream';
import {
  decodeDataFrame,
  encodeClosePayload,
  encodeMaskedFrame,
  FrameParser,
  framePayload,
  type ItemSink,
  OPCODE,
  type Opcode,
  recordFramePayload,
  type TypedMessage,
} from '@everywire/protocol/internal';
import { closeLingerMs, fragmentsMax, recordBytesMax } from '../limits.js';
import type { Carrier, CarrierEvents, CarrierRequest, Connect } from '../transport.js';

const subprotocol = 'everywire.1';
/** RFC 6455 §1.3: proves that the other side has read the key as a WebSocket server would. */
const acceptSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A WebSocket over `node:http`, in the client's role, with the frame code of protocol: Node 20 has none of its own. */
export const connect: Connect = (request, events) => {
  const key = randomBytes(16).toString('base64');
  const opening = startOpeningHandshake(request.url, key);
  let carrier: Carrier | undefined;
  opening.on('upgrade', (response, socket, head) => {
    const accept = createHash('sha1')
      .update(key + acceptSuffix)
      .digest('base64');
    const { headers } = response;
    if (headers['sec-websocket-accept'] !== accept || headers['sec-websocket-protocol'] !== subprotocol) {
      socket.destroy();
      events.onEnded(false, 'refused');
      return;
    }
    carrier = openCarrier(socket, head, request, events);
    events.onOpened();
  });
  // Anything but 101 is an answer from a server or proxy that does not upgrade.
  opening.on('response', (response) => {
    response.destroy();
    events.onEnded(false, 'refused');
  });
  opening.on('error', () => events.onEnded(false, 'refused'));
  opening.end();
  return {
    writeRecord: (record) => carrier?.writeRecord?.(record),
    writeMessages: (source, first, last) => carrier?.writeMessages?.(source, first, last),
    close: () => (carrier ? carrier.close() : opening.destroy()),
  };
};

/** RFC 6455 §4.1: the client's side of the opening handshake. */
function startOpeningHandshake(prefix: string, key: string): ClientRequest {
  const url = `${prefix}/websocket`;
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
    'sec-websocket-protocol': subprotocol,
  };
  return url.startsWith('https:')
    ? requestHttps(url, { agent: false, headers })
    : requestHttp(url, { agent: false, headers });
}

function openCarrier(socket: Duplex, head: Buffer, request: CarrierRequest, events: CarrierEvents): Carrier {
  let ended = false;
  // A typed message goes by as the array it is, as in a browser: only the second stage makes something of it.
  const sink: ItemSink = {
    onRecord: events.onRecord,
    onMessage: (message) =>
      message.typed ? events.onRecord((message as TypedMessage).items as never) : events.onMessage(message),
  };
  const write = (opcode: Opcode, payload: Uint8Array): void => {
    // The key of each frame is fresh and unpredictable (RFC 6455 §10.3).
    if (socket.writable) socket.write(encodeMaskedFrame(opcode, payload, randomBytes(4).readInt32BE()));
  };
  // The closing handshake, with what was written before; a server that never ends its half must not hold the socket.
  const finish = (code: number): void => {
    ended = true;
    parser.stop();
    write(OPCODE.close, encodeClosePayload(code === 1005 ? undefined : code));
    socket.end();
    const linger = setTimeout(() => socket.destroy(), closeLingerMs);
    socket.once('close', () => clearTimeout(linger));
  };
  const end = (whole: boolean, code: number, reason?: string): void => {
    if (ended) return;
    finish(code);
    events.onEnded(whole, reason);
  };
  const parser = new FrameParser(
    {
      onData: (binary, payload, owned) => {
        if (decodeDataFrame(binary, payload, owned, sink)) end(false, 1007, 'damaged');
      },
      onPing: (payload) => write(OPCODE.pong, payload),
      onPong: () => undefined,
      onClose: (code) => end(true, code),
    },
    { masked: false, messageBytesMax: request.messageBytesMax + recordBytesMax, fragmentsMax },
  );
  // What came with the head of the 101 goes in front; nothing is read before the next turn.
  if (head.length > 0) socket.unshift(head);
  socket.on('data', (chunk: Buffer) => {
    const error = parser.feed(chunk);
    if (error) end(false, error.closeCode, 'damaged');
  });
  socket.on('error', () => end(false, 1006));
  socket.on('close', () => end(false, 1006));
  return {
    writeRecord: (record) => write(OPCODE.text, recordFramePayload(record)),
    writeMessages(source, first, last) {
      socket.cork();
      for (let number = first; number <= last; number++) {
        const message = source.messageAt(number);
        write(message.binary ? OPCODE.binary : OPCODE.text, framePayload(message));
      }
      socket.uncork();
    },
    close: () => finish(1000),
  };
}
