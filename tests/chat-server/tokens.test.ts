import { chatLimits } from '@everywire/chat';
import type { TransportName } from '@everywire/client';
import { afterEach, expect, test } from 'vitest';
import { TestPlace } from './test-place.js';

const places: TestPlace[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await place.stop();
});

async function start(options?: Parameters<typeof TestPlace.start>[0]): Promise<TestPlace> {
  const place = await TestPlace.start(options);
  places.push(place);
  return place;
}

const transports: readonly TransportName[] = ['websocket', 'event-stream', 'fetch-stream', 'long-poll'];

test.each(transports)('[SN-20.2] no token appears in an address or in the log over %s', async (transport) => {
  const place = await start();
  const addresses: string[] = [];
  const { emit } = place.server.http;
  place.server.http.emit = function record(this: unknown, event: string | symbol, ...parts: unknown[]): boolean {
    if (event === 'request' || event === 'upgrade') addresses.push((parts[0] as { readonly url: string }).url);
    return Reflect.apply(emit, this, [event, ...parts]);
  };
  const ada = await place.register('ada');
  const session = await place.connect(ada, transport);
  await session.ok({ command: 'list', cursor: null });
  await session.ok({ command: 'createGroup', name: 'Reading', users: [] });
  await place.rest('POST', '/api/logout', {}, ada.token);
  expect(await session.closed).toBe('revoked');
  expect(addresses).toContain('/api/register');
  expect(addresses.some((address) => address.startsWith('/everywire'))).toBe(true);
  expect([...addresses, ...place.lines].join('\n')).not.toContain(ada.token.slice(4));
});

test.each(transports)(
  '[SN-21.9] [CM-8.1] logging out ends the sessions of that sign-in, and no others, over %s',
  async (transport) => {
    const place = await start();
    const ada = await place.register('ada');
    const login = await place.rest('POST', '/api/login', { name: 'ada', password: 'correct horse' });
    const other = { ...ada, token: ((await login.json()) as { token: string }).token };
    const [session, kept] = [await place.connect(ada, transport), await place.connect(other, transport)];
    await session.settle();
    await place.rest('POST', '/api/logout', undefined, ada.token);
    expect(await session.closed).toBe('revoked');
    await kept.settle();
  },
);

test('[R8] [SN-21.9] [CM-8.1] a changed password ends the sessions of every other sign-in', async () => {
  const place = await start();
  const ada = await place.register('ada');
  const login = await place.rest('POST', '/api/login', { name: 'ada', password: 'correct horse' });
  const other = { ...ada, token: ((await login.json()) as { token: string }).token };
  const [session, kept] = [await place.connect(ada), await place.connect(other)];
  const body = { current: 'correct horse', next: 'battery staple' };
  expect((await place.rest('POST', '/api/password', body, other.token)).status).toBe(204);
  expect(await session.closed).toBe('revoked');
  await kept.settle();
});

/** Holds the result of the next token check: `held` resolves when the token was checked, and `release` returns the result. */
function holdNextCheck({ store }: TestPlace): { readonly held: Promise<void>; readonly release: () => void } {
  const { useCredential } = store;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = new Promise<void>((resolve) => {
    store.useCredential = async (...question) => {
      store.useCredential = useCredential;
      const found = await useCredential(...question);
      resolve();
      await released;
      return found;
    };
  });
  return { held, release };
}

test('[SN-21.9] a session that was being opened while its sign-in ended is closed', async () => {
  const place = await start();
  const ada = await place.register('ada');
  const { held, release } = holdNextCheck(place);
  const opening = place.open(ada);
  opening.opened.catch(() => undefined);
  await held;
  await place.rest('POST', '/api/logout', undefined, ada.token);
  release();
  expect(await opening.closed).toBe('unauthorized');
});

test('[SN-21.9] a session that was being opened is closed even if more than a thousand other sign-ins end with its own', async () => {
  const place = await start({ chatLimits: { ...chatLimits, credentialsMax: 2_000 } });
  const ada = await place.register('ada');
  const login = await place.rest('POST', '/api/login', { name: 'ada', password: 'correct horse' });
  const { token } = (await login.json()) as { readonly token: string };
  const made = { user: ada.id, label: '', createdAt: Date.now(), usedAt: Date.now(), transport: '' };
  const others = Array.from({ length: 1_001 }, (_, at) => ({ ...made, id: `z${at}`, tokenHash: `hash ${at}` }));
  await Promise.all(others.map((other) => place.store.createCredential(other)));
  const { held, release } = holdNextCheck(place);
  const opening = place.open(ada);
  opening.opened.catch(() => undefined);
  await held;
  expect((await place.rest('DELETE', '/api/devices', undefined, token)).status).toBe(204);
  release();
  expect(await opening.closed).toBe('unauthorized');
});
