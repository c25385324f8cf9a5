import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, type Listening, listen } from './hand-client.js';

const HANDSHAKE =
  'GET /everywire/websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: everywire.2\r\n';

let server: Listening;
afterEach(() => server.end());

/** Sends the bytes and returns the answer as soon as it matches `whole`. */
async function answerTo(bytes: string, whole: RegExp): Promise<string> {
  const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.write(bytes);
  await eventually(() => whole.test(text));
  socket.destroy();
  return text;
}

describe('an opening handshake, byte by byte', () => {
  it('[RFC 6455 4.2.1] an opening handshake accepts subprotocols on several lines, and an absolute address', async () => {
    server = await listen();
    const lines = 'Sec-WebSocket-Protocol: chat, superchat\r\nSec-WebSocket-Protocol: everywire.2\r\n';
    const target = `http://127.0.0.1:${server.port}/everywire/websocket`;
    const asked = HANDSHAKE.replace(/Sec-WebSocket-Protocol: .*\r\n/, lines).replace('/everywire/websocket', target);
    expect(asked).toContain(lines);
    const answer = await answerTo(`${asked}\r\n`, /\r\n\r\n$/);
    expect(answer).toMatch(/^HTTP\/1\.1 101 /);
    expect(answer).toContain('Sec-WebSocket-Protocol: everywire.2\r\n');
    expect(answer).not.toContain('chat');
    const foreign = 'GET http://127.0.0.1/elsewhere HTTP/1.1\r\nHost: x\r\n\r\n';
    expect(await answerTo(foreign, /\r\n\r\n/)).toMatch(/^HTTP\/1\.1 404 /);
  });
});
