import type { Server } from 'node:http';
import { join } from 'node:path';
import { createWireClient } from '@everywire/client';
import { expect, test, vi } from 'vitest';
import { Guide, makeDirectory, portOf, runBlock, whenOver } from './guide.js';

const guide = new Guide('docs/guides/transport-server.md', [0, 1, 2, 3, 4, 5, 6, 7]);

test('transport-server: the next process resumes the sessions, and the client is not notified', async () => {
  const file = join(makeDirectory(), 'sessions');
  const run = async (port: number) => {
    const block = guide
      .take(8)
      .replace("'/var/lib/example/sessions'", JSON.stringify(file))
      .replace('listen(8080)', `listen(${port}, '127.0.0.1')`);
    const once = vi.fn();
    const { http } = await runBlock(block, { process: { once, exit: () => undefined } }, ['http']);
    return {
      port: await portOf(http as Server),
      http: http as Server,
      stop: () => once.mock.calls[0]?.[1]() as Promise<void>,
    };
  };
  const former = await run(0);
  const client = createWireClient(`http://127.0.0.1:${former.port}/everywire`, { transports: ['websocket'] });
  whenOver(() => client.close());
  const got: unknown[] = [];
  client.addEventListener('message', ({ data }) => got.push(data));
  client.send('before');
  await expect.poll(() => got).toEqual(['before']);
  const closed = vi.fn();
  client.addEventListener('close', closed);
  await former.stop();
  await new Promise((resolve) => former.http.close(resolve));
  await run(former.port);
  client.send('after');
  await expect.poll(() => got).toEqual(['before', 'after']);
  expect(closed).not.toHaveBeenCalled();
});
