/**
 * @module-tag wide: compression is tested by the tests of the server, a cut in Chromium by tests/browser/transports.
 */
import { connect } from 'node:net';
import { sessionLimits } from '@everywire/protocol';
import { createFaultProxy } from '@everywire/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asPromised } from '../../transports/conversation.js';
import { judge } from '../../transports/numbered-content.js';
import { NumberedServer } from '../../transports/numbered-server.js';
import { launchChromium } from '../launch-chromium.js';
import { bundleTalkPage, servePage } from '../transports/browser-lab.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

it('[SN-17.3] a session in Chromium survives a cut with compression as without', async () => {
  const files = await bundleTalkPage();
  // Low enough that most messages are compressed, both ways: Chromium compresses everything.
  const server = await NumberedServer.start({
    deflate: true,
    limits: { ...sessionLimits, deflateBytesMin: 64 },
    onRequest: servePage(files),
  });
  const proxy = await createFaultProxy(server.port);
  const page = await browser.newPage();
  let cut = 0;
  server.onProgress = () => {
    if (cut === 0 && server.up.length >= 80) cut = proxy.cutNow('reset');
  };
  try {
    await page.goto(`http://127.0.0.1:${proxy.port}/`);
    await page.waitForFunction(() => 'talk' in window);
    expect(await extensionsOf(proxy.port)).toContain('permessage-deflate');
    const outcome = await page.evaluate((task) => window.talk(task), { transports: ['websocket' as const], token: '' });
    const short = (verdict: typeof outcome.verdict): object | null =>
      verdict && { clean: verdict.clean, unknown: verdict.unknown };
    expect({
      up: judge(server.up),
      down: outcome.down,
      sessions: server.sessions,
      client: short(outcome.verdict),
      server: short(server.verdict),
    }).toEqual(asPromised);
    expect([outcome.transports, cut > 0]).toEqual([['websocket'], true]);
  } finally {
    await page.close();
    await proxy.close();
    await server.stop();
  }
});

/** Returns this server's answer to Chromium's exact offer. */
async function extensionsOf(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(
    'GET /everywire/websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
      `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\nSec-WebSocket-Protocol: everywire.2\r\n` +
      'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n',
  );
  const [head] = await new Promise<[Buffer]>((resolve) => socket.once('data', (...data: [Buffer]) => resolve(data)));
  socket.destroy();
  return head.toString();
}
