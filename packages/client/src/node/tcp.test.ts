import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { encodeClose, encodeFrame, FrameParser, messageFromText, OPCODE } from '@everywire/protocol/internal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attach, createRecorder, createRequest, type Recorder } from '../test-kit/recorder.js';
import type { Carrier } from '../transport.js';
import { createTcp } from './tcp.js';
import { parseTcpAddress } from './tcp-address.js';

// Tests the transport over raw TCP, which clients in Node can use. Each end first sends a line with the protocol
// version (the hello and its answer).

let server: Server;
let socket: Socket | undefined;
/** The server's answer to the hello. */
let welcome: string | Uint8Array;
/** The bytes that the client sent first. */
let hello: string;
/** What the server received after the hello. */
let frames: string[];

beforeEach(async () => {
  [welcome, hello, frames, socket] = ['everywire.2\n', '', [], undefined];
  server = createServer((accepted) => {
    socket = accepted;
    accepted.on('error', () => undefined);
    accepted.on('end', () => frames.push('end'));
    const parser = new FrameParser(
      {
        onData: (_binary, payload) => frames.push(Buffer.from(payload).toString()),
        onPing: () => undefined,
        onPong: () => undefined,
        onClose: (code) => frames.push(`close ${code}`),
      },
      { masked: false, messageBytesMax: 1_000, fragmentsMax: 1 },
    );
    accepted.on('data', (chunk: Buffer) => {
      if (hello.endsWith('\n')) {
        parser.feed(chunk);
        return;
      }
      hello += chunk.toString();
      if (hello.endsWith('\n')) accepted.write(welcome);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  socket?.destroy();
  server.close();
});

function open(port = (server.address() as AddressInfo).port): { recorder: Recorder; carrier: Carrier } {
  const recorder = createRecorder();
  const { connect } = createTcp({ host: '127.0.0.1', port, encrypted: false });
  return { recorder, carrier: connect(createRequest('http://127.0.0.1:1/everywire'), recorder) };
}

describe('raw TCP of Node', () => {
  it('[TR-44.1] [TR-44.3] raw TCP sends a hello and reads data that arrives together with the answer', async () => {
    welcome = Buffer.concat([Buffer.from('everywire.2\n'), encodeFrame(OPCODE.text, Buffer.from('first'))]);
    const { recorder } = open();
    await expect.poll(() => recorder.seen).toEqual(['opened', 'text first']);
    expect(hello).toBe('everywire.2\n');
  });

  it.each([
    ['another version', 'unsupported everywire.3\n'],
    ['a server that stops', 'closing\n'],
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['SMTP', '220 mail.example.org ESMTP\r\n'],
  ])('[TR-44.5] [TR-44.6] raw TCP ends with `refused` at %s and sends nothing more', async (_what, answer) => {
    welcome = answer;
    const { recorder } = open();
    await recorder.ended;
    expect(recorder.seen).toEqual(['ended broken refused']);
    expect(frames.filter((accepted) => accepted !== 'end')).toEqual([]);
  });

  it('raw TCP ends with `refused` if nothing listens', async () => {
    const { recorder } = open(1);
    await recorder.ended;
    expect(recorder.seen).toEqual(['ended broken refused']);
  });

  it('[TR-41] [SN-17.2] raw TCP writes records and messages unmasked', async () => {
    const { recorder, carrier } = open();
    await expect.poll(() => recorder.seen).toEqual(['opened']);
    carrier.writeRecord?.(attach);
    const all = [messageFromText('a'), messageFromText('\0nul')];
    carrier.writeMessages?.({ messageAt: (number) => all[number - 1]! }, 1, 2);
    await expect.poll(() => frames).toEqual([`\0${JSON.stringify(attach)}`, 'a', '\0\0nul']);
  });

  it('[TR-17.2] raw TCP answers a close and reports it as orderly', async () => {
    const { recorder } = open();
    await expect.poll(() => recorder.seen).toEqual(['opened']);
    socket!.write(encodeClose(1001));
    await recorder.ended;
    expect(recorder.seen.at(-1)).toBe('ended whole');
    await expect.poll(() => frames).toEqual(['close 1001', 'end']);
  });

  it('[TR-41] raw TCP fails at a masked frame of a server', async () => {
    const { recorder } = open();
    await expect.poll(() => recorder.seen).toEqual(['opened']);
    socket!.write(new Uint8Array([0x81, 0x80, 1, 2, 3, 4]));
    await recorder.ended;
    expect(recorder.seen.at(-1)).toBe('ended broken damaged');
  });

  it('raw TCP reports a cut', async () => {
    const { recorder } = open();
    await expect.poll(() => recorder.seen).toEqual(['opened']);
    socket!.resetAndDestroy();
    await recorder.ended;
    expect(recorder.seen).toEqual(['opened', 'ended broken']);
  });

  it('raw TCP can be closed while it waits for the answer', async () => {
    welcome = '';
    const { carrier } = open();
    await expect.poll(() => hello).toBe('everywire.2\n');
    carrier.close();
    await expect.poll(() => frames).toEqual(['end']);
  });
});

describe('the address of raw TCP', () => {
  it.each([
    ['tcp://127.0.0.1:8089', { host: '127.0.0.1', port: 8089, encrypted: false }],
    ['tls://chat.example.org:8089/', { host: 'chat.example.org', port: 8089, encrypted: true }],
    ['tcp://[::1]:1', { host: '::1', port: 1, encrypted: false }],
  ])('%s', (text, address) => {
    expect(parseTcpAddress(text)).toEqual(address);
  });

  it.each([
    ...['tcp://host', 'http://host:1', 'tcp://host:1/path', 'tcp://host:1?a', 'tcp://a@host:1', 'tcp://:b@host:1'],
    ...['host:1', ''],
  ])('refuses %s', (text) => {
    expect(() => parseTcpAddress(text)).toThrow(TypeError);
  });
});
