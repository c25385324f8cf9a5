import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { takeOver } from './take-over.js';

// Tests `takeOver`, which serves the paths of the library on an HTTP server of the application. The application's own
// listener answers `theirs`; the library answers `ours` and the rest of the path.

describe('takeOver', () => {
  let server: Server;
  /** The URLs that reached the application's listener. */
  const seen: string[] = [];
  let giveBack: () => void;

  /** Starts the server. @param attachFirst whether the library is attached before the application's listener */
  async function listen(attachFirst = false): Promise<string> {
    seen.length = 0;
    server = createServer();
    const routes = {
      onRequest: (_request: unknown, response: { end(text: string): unknown }, name: string) =>
        void response.end(`ours ${name}`),
      onUpgrade: (_request: unknown, socket: { end(text: string): unknown }, _head: unknown, name: string) =>
        void socket.end(`HTTP/1.1 101 ours-${name}\r\nConnection: close\r\n\r\n`),
    };
    if (attachFirst) giveBack = takeOver(server, '/everywire', routes as never, () => undefined);
    server.on('request', (request, response) => {
      seen.push(request.url ?? '');
      response.end('theirs');
    });
    if (!attachFirst) giveBack = takeOver(server, '/everywire', routes as never, () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = async (url: string): Promise<string> => (await fetch(url)).text();

  /** Sends an upgrade request and returns the status line of its answer. */
  function upgrade(base: string, path: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(Number(new URL(base).port), '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => (text += chunk));
      socket.on('close', () => resolve(text.split('\r\n')[0] ?? ''));
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    });
  }

  it.each([true, false])(
    '[TR-1.2] takeOver serves its paths before every other listener, attached first: %s',
    async (attachFirst) => {
      const base = await listen(attachFirst);
      expect(await get(`${base}/everywire/up?x=1`)).toBe('ours up');
      expect(await get(`${base}/everywire`)).toBe('ours ');
      expect(seen).toEqual([]);
    },
  );

  it('[TR-1.1] takeOver leaves all other paths to the other listeners', async () => {
    const base = await listen();
    for (const path of ['/', '/everywirex', '/a/everywire/up', '/everywire%2fup', '//everywire/up']) {
      expect(await get(base + path)).toBe('theirs');
    }
    expect(seen).toHaveLength(5);
  });

  it('[TR-1.1] takeOver accepts absolute http addresses and ignores those of other schemes', async () => {
    const base = await listen();
    const { hostname, port } = new URL(base);
    const getTarget = async (target: string): Promise<string> => {
      const sent = request({ hostname, port, path: target }).end();
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      return text(answer);
    };
    expect(await getTarget('http://example.org/everywire/up')).toBe('ours up');
    expect(await getTarget('HTTPS://example.org/everywire/up')).toBe('ours up');
    expect(await getTarget('ftp://example.org/everywire/up')).toBe('theirs');
  });

  it('takeOver answers 404 to an upgrade without a listener and leaves it to a listener that exists', async () => {
    const base = await listen();
    expect(await upgrade(base, '/everywire/websocket')).toBe('HTTP/1.1 101 ours-websocket');
    expect(await upgrade(base, '/other')).toBe('HTTP/1.1 404 Not Found');
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 101 theirs\r\nConnection: close\r\n\r\n'));
    expect(await upgrade(base, '/other')).toBe('HTTP/1.1 101 theirs');
    expect(await upgrade(base, '/everywire/websocket')).toBe('HTTP/1.1 101 ours-websocket');
  });

  it('takeOver answers 404 to an upgrade without a listener when several servers are attached', async () => {
    const base = await listen();
    const routes = { onRequest: () => undefined, onUpgrade: () => undefined };
    const giveBackSecond = takeOver(server, '/second', routes, () => undefined);
    expect(await upgrade(base, '/other')).toBe('HTTP/1.1 404 Not Found');
    giveBackSecond();
    expect(await upgrade(base, '/other')).toBe('HTTP/1.1 404 Not Found');
  });

  it('takeOver restores the server', async () => {
    const base = await listen();
    giveBack();
    expect(await get(`${base}/everywire/up`)).toBe('theirs');
    expect(server.listenerCount('upgrade')).toBe(0);
    expect(Object.hasOwn(server, 'emit') && server.emit !== Object.getPrototypeOf(server).emit).toBe(false);
  });
});
