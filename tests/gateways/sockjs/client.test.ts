import { createRequire } from 'node:module';
import { afterEach, describe, expect, it } from 'vitest';
import { SockJsServer } from './sockjs-server.js';

// Tests the SockJS gateway with the published library `sockjs-client`.
/** The class of that library, which has no type definitions. */
interface SockJs {
  readonly transport: string;
  onopen: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(): void;
}
type SockJsClass = new (url: string, protocols: null, options: { transports: string[] }) => SockJs;
const SockJsClient = createRequire(import.meta.url)('sockjs-client') as SockJsClass;

/** The client decodes what it receives over `eventsource` with `decodeURI`, and over the others not at all. */
const TRANSPORTS = ['websocket', 'xhr-streaming', 'eventsource', 'xhr-polling'];

/** Returns all code units of JavaScript, lone surrogates too, in texts of 4,096. */
function everyCodeUnit(): string[] {
  return Array.from({ length: 16 }, (_, at) =>
    String.fromCharCode(...Array.from({ length: 4_096 }, (_, low) => at * 4_096 + low)),
  );
}

let server: SockJsServer;
afterEach(() => server.close());

describe('sockjs-client in Node', () => {
  it.each(TRANSPORTS)('a client exchanges messages over %s', async (transport) => {
    server = await new SockJsServer()
      .serve('/echo')
      .serve('/close', { onConnection: (connection) => connection.close(3000, 'Go away, 100%25!') })
      .listen();
    const texts = ['100% sure', 'a%20b%25%2B%u0041%', '\ud83d\ude00\r\n', ...everyCodeUnit(), ...'messages'];
    const heard: string[] = [];
    const client = new SockJsClient(`${server.url}/echo`, null, { transports: [transport] });
    await new Promise<void>((done) => {
      client.onopen = done;
    });
    expect(client.transport).toBe(transport);
    client.onmessage = ({ data }) => heard.push(data);
    for (const text of texts) client.send(text);
    await expect.poll(() => heard, { timeout: 20_000 }).toEqual(texts);
    client.close();
    const closing = new SockJsClient(`${server.url}/close`, null, { transports: [transport] });
    expect(await new Promise((done) => (closing.onclose = ({ code, reason }) => done([code, reason])))).toEqual([
      3000,
      'Go away, 100%25!',
    ]);
  });
});
