import { expect, it } from 'vitest';
import { ServerBench } from './test-kit/server-bench.js';

// Tests the check of the protocol version when a client opens a session. `ServerBench` is one server node with a manual
// clock; the test plays the client.

it.each([undefined, 1, 3])('[SN-42.2] an `open` by POST of version %s is refused and creates no session', (version) => {
  const bench = new ServerBench();
  const io = bench.link('post');
  io.expectedEcho = { nonce: 'n' };
  const open = { t: 'open', nonce: 'n', ...(version && { version }) } as const;
  bench.registry.open(io.link, open, [], () => expect.fail(), bench.now);
  expect(io.take()).toEqual([{ t: 'refused', code: 'wire_version' }]);
  expect([io.ending, bench.registry.size]).toEqual(['closed', 0]);
});

it('[SN-42.1] an `open` on a two-way link needs no version, because the link has agreed on one', () => {
  const bench = new ServerBench();
  const io = bench.open('n', [], bench.link('duplex'));
  expect(io.take()).toMatchObject([{ t: 'opened', id: 'id 1' }]);
});
