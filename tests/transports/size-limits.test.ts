import type { TransportName } from '@everywire/client';
import type { PathRules } from '@everywire/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { assertsFigures } from '../lane.js';
import { bytesOf, type Content, PathTalk, plain, textOf } from './path-talk.js';

let talk: PathTalk | null = null;
afterEach(() => talk?.stop());

/** Starts a client behind a firewall that lets no WebSocket through. */
async function start(transports: readonly TransportName[], rules: Partial<PathRules>): Promise<PathTalk> {
  talk = await PathTalk.start({ webSocket: 'refused', ...rules }, { transports });
  return talk;
}

/** Messages of several sizes, two of them of `large` bytes. */
const messagesWith = (large: number): readonly Content[] => [
  textOf(20, 1),
  textOf(3000, 2),
  bytesOf(3000, 3),
  textOf(large, 4),
  'b',
  bytesOf(large, 5),
  textOf(20, 6),
];

/** Sends such messages and checks that all arrive. */
async function allArrive(talking: PathTalk, large: number): Promise<void> {
  const messages = messagesWith(large);
  talking.up.length = 0;
  // Until the server has stated its limits, the default ones apply.
  if (large > 60_000) await talking.until(() => talking.client.status.state === 'open');
  for (const message of messages) talking.client.send(message);
  await talking.until(() => talking.up.length >= messages.length);
  expect(talking.up.map(plain)).toEqual(messages.map(plain));
}

const html = { body: '<html><h1>413 Request Entity Too Large</h1></html>' };
const ways: readonly TransportName[] = ['fetch-stream', 'event-stream', 'multipart-stream', 'long-poll', 'short-poll'];

describe('bodies above a limit of the network', { timeout: 60_000 }, () => {
  it.each(ways)(
    '[SN-45] [SN-46] bodies above a limit of the network arrive in smaller ones, next to %s',
    async (way) => {
      const one = await start([way], { bodyBytesMax: 2048, refusal: html });
      await allArrive(one, 30_000);
      expect(one.path.counters.refusedBodies).toBeGreaterThan(2);
      expect(one.path.counters.refusedBodies).toBeLessThan(25);
      expect(one.states).not.toContain('blocked');
    },
  );

  it.each([1000, 2000, 64_000, 1_024_000])(
    '[SN-46] the client finds a limit of the network of %i bytes',
    async (bodyBytesMax) => {
      const one = await start(['fetch-stream'], { bodyBytesMax, refusal: { body: '' } });
      await allArrive(one, bodyBytesMax > 500_000 ? 1_000_000 : 20_000);
      expect(one.path.counters.passedBytes).toBeGreaterThan(bodyBytesMax / 3);
    },
  );

  it.each(ways.filter((way) => way !== 'multipart-stream'))(
    '[SN-46] bodies arrive though the network cuts larger ones, next to %s',
    async (way) => {
      const one = await start([way], { bodyBytesMax: 2048, refusal: 'cut' });
      await allArrive(one, 20_000);
    },
  );

  it.each([{ replays: true }, { responses: 'buffered' } as const])(
    '[SN-45] bodies arrive though the network does more: %o',
    async (more) => {
      const one = await start(['fetch-stream', 'long-poll'], {
        bodyBytesMax: 2048,
        refusal: { body: '{"code":"x"}' },
        ...more,
      });
      await allArrive(one, 10_000);
    },
  );

  it('[SN-45] a limit of 2 kB lets a megabyte through within a minute at 20 ms', {
    tags: ['wide'],
    timeout: 200_000,
  }, async () => {
    const one = await start(['fetch-stream'], { bodyBytesMax: 2048, refusal: html, delayMs: 10 });
    await one.until(() => one.client.status.state === 'open');
    const from = performance.now();
    one.client.send(bytesOf(1_000_000, 1));
    await one.until(() => one.up.length === 1, 180_000);
    expect(plain(one.up[0]!)).toBe(plain(bytesOf(1_000_000, 1)));
    if (assertsFigures) expect(performance.now() - from).toBeLessThan(60_000);
  });

  it('[SN-46] bodies arrive though the limit comes and goes', async () => {
    const one = await start(['long-poll'], { bodyBytesMax: 1e9, refusal: html });
    await allArrive(one, 10_000);
    one.path.rules.bodyBytesMax = 1500;
    await allArrive(one, 10_000);
    one.path.rules.bodyBytesMax = 1e9;
    await allArrive(one, 10_000);
  });

  it.each([html, 'cut'] as const)(
    '[SN-46] a network that lets nothing pass is reported, and nothing is lost: %o',
    async (refusal) => {
      const one = await start(['fetch-stream'], { bodyBytesMax: 1e9, refusal });
      one.client.send('first');
      await one.until(() => one.up.length === 1);
      one.path.rules.bodyBytesMax = 300;
      const from = performance.now();
      one.client.send(textOf(2000, 2));
      await one.until(() => one.client.status.state === 'blocked');
      if (assertsFigures) expect(performance.now() - from).toBeLessThan(10_000);
      expect(one.client.status).toMatchObject({ reason: 'too_large' });
      expect(one.client.bufferedAmount).toBeGreaterThan(1000);
      one.path.rules.bodyBytesMax = 1e9;
      await one.until(() => one.up.length === 2 && one.client.status.state === 'open');
    },
  );
});
