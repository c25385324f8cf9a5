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

let server: SockJsServer;
afterEach(() => server.close());

describe('sockjs-client in Node', () => {
  it.each(['websocket', 'xhr-streaming', 'xhr-polling'])('a client exchanges messages over %s', async (transport) => {
    server = await new SockJsServer()
      .serve('/echo')
      .serve('/close', { onConnection: (connection) => connection.close(3000, 'Go away!') })
      .listen();
    const texts = ['你好 \u2028\ud83d\ude00', ...Array.from({ length: 50 }, (_, at) => `message ${at}`)];
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
      'Go away!',
    ]);
  });
});
