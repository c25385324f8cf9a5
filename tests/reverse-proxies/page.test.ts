import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '../durability/server-process.js';
import { kinds, ReverseProxy } from './reverse-proxy.js';

let data: string;
let server: ServerProcess;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'everywire-page-'));
  server = new ServerProcess(data);
  await server.start().started;
});
afterAll(async () => {
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

/** Returns the coding of an answer, and its raw bytes. `fetch` would decompress them. */
async function ask(url: string, accepted: string): Promise<readonly [string | undefined, Buffer]> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': accepted } }, resolve).on('error', reject);
  });
  return [answer.headers['content-encoding'], await buffer(answer)];
}

it.each(kinds)('the page comes compressed through %s with the configuration of the guide', async (kind) => {
  const proxy = await ReverseProxy.start(kind, Number(new URL(server.url).port));
  try {
    const base = `http://127.0.0.1:${proxy.port}`;
    const [none, page] = await ask(`${base}/`, 'identity');
    expect(none).toBe(undefined);
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page.toString())?.[1] ?? '';
    const style = /href="(\/assets\/[^"]+\.css)"/.exec(page.toString())?.[1] ?? '';
    for (const path of ['/', script, style, '/first-paint.js']) {
      const [, plain] = await ask(base + path, 'identity');
      const [br, small] = await ask(base + path, 'gzip, deflate, br');
      const [gzip, zipped] = await ask(base + path, 'gzip');
      expect([path, br, gzip]).toEqual([path, 'br', 'gzip']);
      expect(brotliDecompressSync(small).equals(plain)).toBe(true);
      expect(gunzipSync(zipped).equals(plain)).toBe(true);
    }
  } finally {
    await proxy.stop();
  }
});
