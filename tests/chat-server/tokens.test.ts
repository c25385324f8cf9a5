import type { TransportName } from '@everywire/client';
import { MemoryAccounts } from '@everywire/store-memory';
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

test.each(transports)('[SN-20] no token stands in an address or in the log over %s', async (transport) => {
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
  '[SN-21] [CM-8] logging out ends the sessions of that sign-in within a second over %s',
  // A busy machine may hold up any one of them for so long.
  { retry: 2 },
  async (transport) => {
    const place = await start();
    const ada = await place.register('ada');
    const login = await place.rest('POST', '/api/login', { name: 'ada', password: 'correct horse' });
    const other = { ...ada, token: ((await login.json()) as { token: string }).token };
    const [session, kept] = [await place.connect(ada, transport), await place.connect(other, transport)];
    await session.settle();
    const began = performance.now();
    await place.rest('POST', '/api/logout', undefined, ada.token);
    expect(await session.closed).toBe('revoked');
    expect(performance.now() - began).toBeLessThan(1_000);
    await kept.settle();
  },
);

test('[R8] [SN-21] [CM-8] a changed password ends the sessions of every other sign-in', async () => {
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

/** Holds back the answer of one check of a token, after it was found good. */
class HeldAccounts extends MemoryAccounts {
  holding: Promise<void> | null = null;
  onHeld: () => void = () => {};

  override async useCredential(tokenHash: string, now: number): ReturnType<MemoryAccounts['useCredential']> {
    const found = await super.useCredential(tokenHash, now);
    const { holding } = this;
    this.holding = null;
    if (holding === null) return found;
    this.onHeld();
    await holding;
    return found;
  }
}

test('[SN-21] a session that was being opened while its sign-in ended does not live', async () => {
  const accounts = new HeldAccounts();
  const place = await start({ accounts });
  const ada = await place.register('ada');
  let release: () => void = () => {};
  accounts.holding = new Promise((resolve) => {
    release = resolve;
  });
  const held = new Promise<void>((resolve) => {
    accounts.onHeld = resolve;
  });
  const opening = place.open(ada);
  opening.opened.catch(() => undefined);
  await held;
  await place.rest('POST', '/api/logout', undefined, ada.token);
  release();
  expect(await opening.closed).toBe('revoked');
});
