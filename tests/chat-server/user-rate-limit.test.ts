import { afterEach, expect, test } from 'vitest';
import { TestPlace, type TestPlaceOptions } from './test-place.js';
import type { Asked } from './test-session.js';

const places: TestPlace[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await place.stop();
});

async function start(options: TestPlaceOptions = {}): Promise<TestPlace> {
  const place = await TestPlace.start(options);
  places.push(place);
  return place;
}

test('[CM-4.1] [CM-4.3] a session that sends without pause is throttled, and nothing is lost', async () => {
  const place = await start({ limits: { commandsAtOnce: 5, commandRefillMs: 10 } });
  const a = await place.connect(await place.register('ada'));
  const began = performance.now();
  const codes = await Promise.all(Array.from({ length: 25 }, () => a.code({ command: 'present', active: true })));
  expect(new Set(codes)).toEqual(new Set(['ok']));
  expect(performance.now() - began).toBeGreaterThan(150);
});

test('[CM-4.1] [CM-4.4] the sessions of a person and REST share one allowance; REST is refused temporarily', async () => {
  const place = await start({ limits: { commandsAtOnce: 5, commandRefillMs: 200 } });
  const ada = await place.register('ada');
  const [first, second] = [await place.connect(ada), await place.connect(ada)];
  const began = performance.now();
  for (const session of [first, second])
    await Promise.all(Array.from({ length: 3 }, () => session.ok({ command: 'present', active: true })));
  expect(performance.now() - began).toBeGreaterThan(150);
  const refused = await place.rest('POST', '/api/commands/list', { cursor: null }, ada.token);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  expect(await refused.json()).toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) });
  const bob = await place.register('bob');
  expect((await place.rest('POST', '/api/commands/list', { cursor: null }, bob.token)).status).toBe(200);
});

test("[CM-4.2] [CM-4.3] a person who used too much of the server's time is throttled, and nothing is lost", async () => {
  const place = await start({ limits: { workMsAtOnce: 0, workRefillMs: 50 } });
  const [ada, bob] = [await place.register('ada'), await place.register('bob')];
  const [a, b] = [await place.connect(ada), await place.connect(bob)];
  const ask = async (session: typeof a): Promise<number> => {
    const began = performance.now();
    for (let asked = 0; asked < 5; asked += 1) await session.ok({ command: 'list', cursor: null });
    return performance.now() - began;
  };
  // A list takes some tenths of a millisecond at least, and each costs fifty times as long a wait.
  expect(await ask(a)).toBeGreaterThan(20);
  expect(await b.code({ command: 'present', active: true })).toBe('ok');
});

test('[CM-4.1] [CM-4.2] ten tabs that open together are refused nothing, nor are as many requests by REST', async () => {
  const place = await start();
  const ada = await place.register('ada');
  const { conversation } = await (await place.connect(ada)).ok({ command: 'createGroup', name: 'g', users: [] });
  const tabs = await Promise.all(Array.from({ length: 10 }, () => place.connect(ada)));
  const questions: readonly Asked[] = [
    ...[{ command: 'list', cursor: null } as const, { command: 'listPage', after: null } as const],
    ...Array.from({ length: 10 }, () => ({ command: 'people', ids: [ada.id] }) as const),
    { command: 'page', conversation, anchor: { at: 'end' }, limit: 50, check: null },
    { command: 'members', conversation, after: null },
    { command: 'pins', conversation },
    { command: 'watch', conversations: [conversation] },
  ];
  const codes = await Promise.all(tabs.flatMap((tab) => questions.map((asked) => tab.code(asked))));
  expect([codes.length, new Set(codes)]).toEqual([160, new Set(['ok'])]);
  const asked = Array.from({ length: 100 }, () =>
    place.rest('POST', '/api/commands/list', { cursor: null }, ada.token),
  );
  expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([200]));
});

test('[CM-4.5] reactions to a long message are throttled by the bytes they send to others, and those to a short one are not', async () => {
  const place = await start({ limits: { workMsAtOnce: 100, workRefillMs: 10, fanOutBytesPerMs: 1_024 } });
  const [ada, bob] = [await place.register('ada'), await place.register('bob')];
  const [a] = [await place.connect(ada), await place.connect(bob)];
  const { conversation } = await a.ok({ command: 'createDirect', peer: bob.id });
  const react = async (text: string): Promise<number> => {
    const { sequence, id } = await a.ok({ command: 'send', conversation, text });
    const began = performance.now();
    for (let asked = 0; asked < 8; asked += 1)
      await a.ok({ command: 'react', conversation, message: { sequence, id }, emoji: '👍', set: asked % 2 === 0 });
    return performance.now() - began;
  };
  await react('short');
  // 16 kB for each of two people, eight times, at 1 kB per 10 ms, after a burst of 100 kB.
  expect(await react('a'.repeat(16_384))).toBeGreaterThan(1_000);
});
