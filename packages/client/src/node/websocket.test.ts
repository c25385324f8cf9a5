import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import {
  encodeClose,
  encodeFrame,
  encodePing,
  FrameParser,
  messageFromText,
  OPCODE,
} from '@everywire/protocol/internal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attach, createRecorder, createRequest, type Recorder } from '../test-kit/recorder.js';
import type { Carrier } from '../transport.js';
import { connect } from './websocket.js';

// Tests the WebSocket client that is used in Node. The server is a plain HTTP server whose answers each test sets.

let server: Server;
/** The server's answer to an Upgrade. */
let respond: (headers: IncomingHttpHeaders, socket: Socket) => void;
/** The frames of the client, as texts. */
let frames: string[];
let socket: Socket;

/** The Sec-WebSocket-Accept of a key (RFC 6455 section 1.3). */
const acceptOf = (key = ''): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

/** The head of a server's answer to an Upgrade. */
const switching = (accept: string, subprotocol = 'everywire.2'): string =>
  `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${subprotocol}\r\n\r\n`;

beforeEach(async () => {
  frames = [];
  server = createServer((_request, response) => response.writeHead(200).end('a page'));
  server.on('upgrade', (request, duplex) => {
    socket = duplex as Socket;
    socket.on('error', () => undefined);
    socket.on('end', () => frames.push('end'));
    const text = (payload: Uint8Array): string => Buffer.from(payload).toString();
    const parser = new FrameParser(
      {
        onData: (binary, payload) => frames.push(binary ? `binary ${payload.join(' ')}` : `text ${text(payload)}`),
        onPing: (payload) => frames.push(`ping ${text(payload)}`),
        onPong: (payload) => frames.push(`pong ${text(payload)}`),
        onClose: (code) => frames.push(`close ${code}`),
      },
      { masked: true, messageBytesMax: 1000, fragmentsMax: 1 },
    );
    socket.on('data', (chunk: Buffer) => parser.feed(chunk));
    respond(request.headers, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  respond = ({ 'sec-websocket-key': key }, to) => to.write(switching(acceptOf(key)));
});

afterEach(() => {
  socket?.destroy();
  server.closeAllConnections();
  server.close();
});

function open(): { recorder: Recorder; carrier: Carrier } {
  const recorder = createRecorder();
  const { port } = server.address() as AddressInfo;
  return { recorder, carrier: connect(createRequest(`http://127.0.0.1:${port}/everywire`), recorder) };
}

async function opened(): Promise<{ recorder: Recorder; carrier: Carrier }> {
  const one = open();
  await expect.poll(() => one.recorder.seen).toEqual(['opened']);
  return one;
}

describe('the WebSocket of Node: opening handshake', () => {
  it('[RFC 6455 §4.1] [TR-40.1] [TR-40.2] the WebSocket of Node requests our subprotocol with its first record', async () => {
    let asked: IncomingHttpHeaders = {};
    respond = (headers, to) => {
      asked = headers;
      to.write(switching(acceptOf(headers['sec-websocket-key'])));
    };
    await opened();
    expect(asked).toMatchObject({ upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-version': '13' });
    const [plain, marker, head] = String(asked['sec-websocket-protocol']).split(', ');
    expect([plain, marker]).toEqual(['everywire.2', 'everywire.2.head']);
    expect(JSON.parse(Buffer.from(String(head), 'base64url').toString())).toEqual(attach);
    expect(Buffer.from(String(asked['sec-websocket-key']), 'base64').length).toBe(16);
  });

  it.each([
    ['a wrong accept', () => switching('wrong')],
    ['another subprotocol', (key?: string) => switching(acceptOf(key), 'chat')],
    ['no subprotocol', (key?: string) => switching(acceptOf(key)).replace(/Sec-WebSocket-Protocol.*\r\n/i, '')],
    ['another upgrade', (key?: string) => switching(acceptOf(key)).replace(/Upgrade: websocket/i, 'Upgrade: h2c')],
    [
      'an extension that was not offered',
      (key?: string) => switching(acceptOf(key)).replace('\r\n\r\n', '\r\nSec-WebSocket-Extensions: x\r\n\r\n'),
    ],
    ['a status other than 101', () => 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'],
    ['nothing that is HTTP', () => 'SSH-2.0-OpenSSH\r\n'],
  ])('[RFC 6455 §4.1] the WebSocket of Node ends with `refused` at %s', async (_what, answer) => {
    respond = ({ 'sec-websocket-key': key }, to) => to.write(answer(key));
    const { recorder } = open();
    await recorder.ended;
    expect(recorder.seen).toEqual(['ended broken refused']);
  });

  it.each(['permessage-deflate; server_max_window_bits=7', 'permessage-deflate', 'x; y="\\\\'])(
    '[W20] [RFC 6455 §4.1] fails the connection of a server that names the extension %s',
    async (extension) => {
      respond = ({ 'sec-websocket-key': key }, to) =>
        to.write(switching(acceptOf(key)).replace(/\r\n$/, `Sec-WebSocket-Extensions: ${extension}\r\n\r\n`));
      const { recorder } = open();
      await recorder.ended;
      expect(recorder.seen.at(-1)).toBe('ended broken refused');
    },
  );

  it('the WebSocket of Node ends with `refused` if nothing listens', async () => {
    const recorder = createRecorder();
    connect(createRequest('http://127.0.0.1:1'), recorder);
    await recorder.ended;
    expect(recorder.seen).toEqual(['ended broken refused']);
  });

  it('the WebSocket of Node reads data that arrives together with the 101', async () => {
    respond = ({ 'sec-websocket-key': key }, to) =>
      to.write(
        Buffer.concat([
          Buffer.from(switching(acceptOf(key))),
          encodeFrame(OPCODE.text, new TextEncoder().encode('first')),
        ]),
      );
    const { recorder } = open();
    await expect.poll(() => recorder.seen).toEqual(['opened', 'text first']);
  });

  it('the WebSocket of Node can be closed while it opens', async () => {
    respond = () => undefined;
    const { carrier } = open();
    await expect.poll(() => socket).toBeDefined();
    carrier.close();
    await expect.poll(() => socket.destroyed || frames.includes('end')).toBe(true);
  });
});

describe('the WebSocket of Node: frames', () => {
  it('[SN-16.3] [SN-16.4] the WebSocket of Node writes masked records and escaped messages', async () => {
    const { carrier } = await opened();
    const all = [messageFromText('a'), messageFromText('\0nul')];
    carrier.writeRecord?.(attach);
    carrier.writeMessages?.({ messageAt: (number) => all[number - 1]! }, 1, 2);
    await expect.poll(() => frames.length).toBe(3);
    expect(frames.slice(1)).toEqual(['text a', 'text \0\0nul']);
    expect(frames[0]).toBe(`text \0${JSON.stringify(attach)}`);
  });

  it('[W34] [RFC 6455 §5.3] the WebSocket of Node masks each frame with its own key', async () => {
    let bytes = Buffer.alloc(0);
    respond = ({ 'sec-websocket-key': key }, to) => {
      to.on('data', (chunk: Buffer) => (bytes = Buffer.concat([bytes, chunk])));
      to.write(switching(acceptOf(key)));
    };
    const { carrier } = await opened();
    const one = messageFromText('abcd');
    carrier.writeMessages?.({ messageAt: () => one }, 1, 1_000);
    await expect.poll(() => bytes.length).toBe(10 * 1_000);
    const keys = Array.from({ length: 1_000 }, (_, at) => bytes.readUInt32BE(at * 10 + 2));
    expect(new Set(keys).size).toBeGreaterThan(990);
    // Every bit of the key is set in about half of the frames.
    const set = keys.reduce((sum, key) => sum + (key.toString(2).match(/1/g)?.length ?? 0), 0);
    expect(Math.abs(set / 32_000 - 0.5)).toBeLessThan(0.03);
  });

  it('[RFC 6455 §5.5.3] the WebSocket of Node answers a ping with its payload', async () => {
    await opened();
    socket.write(encodePing(new TextEncoder().encode('are you there')));
    await expect.poll(() => frames).toEqual(['pong are you there']);
  });

  it('[RFC 6455 §5.5.1] the WebSocket of Node answers a close with its code', async () => {
    const { recorder } = await opened();
    socket.write(encodeClose(1001));
    await recorder.ended;
    expect(recorder.seen.at(-1)).toBe('ended whole');
    await expect.poll(() => frames).toEqual(['close 1001', 'end']);
  });

  it('[W1b] [RFC 6455 §5.1] the WebSocket of Node fails the connection at a masked frame of a server', async () => {
    const { recorder } = await opened();
    socket.write(new Uint8Array([0x81, 0x80, 1, 2, 3, 4]));
    await recorder.ended;
    expect(recorder.seen.at(-1)).toBe('ended broken damaged');
    await expect.poll(() => frames).toEqual(['close 1002', 'end']);
  });

  it('[SN-2.7] the WebSocket of Node fails the connection at an unreadable record', async () => {
    const { recorder } = await opened();
    socket.write(encodeFrame(OPCODE.text, new TextEncoder().encode('\0{')));
    await recorder.ended;
    expect(recorder.seen.at(-1)).toBe('ended broken damaged');
  });

  it('the WebSocket of Node reports a cut', async () => {
    const { recorder } = await opened();
    socket.resetAndDestroy();
    await recorder.ended;
    expect(recorder.seen).toEqual(['opened', 'ended broken']);
  });

  it('the WebSocket of Node closes after what was written and reports nothing more', async () => {
    const { carrier, recorder } = await opened();
    carrier.writeMessages?.({ messageAt: () => messageFromText('last') }, 1, 1);
    carrier.close();
    await expect.poll(() => frames).toEqual(['text last', 'close 1000', 'end']);
    socket.end();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(recorder.seen).toEqual(['opened']);
  });
});
