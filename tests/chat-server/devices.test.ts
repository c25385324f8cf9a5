import { chatLimits } from '@everywire/chat';
import { afterEach, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

let place: TestPlace;
afterEach(() => place.stop());

/** A sign-in of a user on a device, as the server lists it. */
interface Device {
  readonly id: string;
  readonly label: string;
  readonly usedAt: number;
  readonly transport: string;
  readonly connected: boolean;
  readonly current: boolean;
}

/** Returns the devices of a user. */
async function devices(by: TestPerson): Promise<readonly Device[]> {
  const response = await place.rest('GET', '/api/devices', undefined, by.token);
  return ((await response.json()) as { readonly devices: readonly Device[] }).devices;
}

/** Signs a user in on another device with this label. */
async function signIn(name: string, label: string): Promise<TestPerson> {
  const response = await place.rest('POST', '/api/login', { name, password: 'correct horse', label });
  const { me, token } = (await response.json()) as { readonly me: { readonly id: number }; readonly token: string };
  return { id: me.id, name, token };
}

test('[SN-21] devices list a name, the last use and the transport; one or all others can be signed out', async () => {
  let now = 1_000_000;
  place = await TestPlace.start({ wallNow: () => now });
  const first = await place.register('ann');
  now += 1;
  const [laptop, phone] = [await signIn('ann', 'Laptop'), await signIn('ann', 'Phone')];
  await place.register('bob');
  const sessions = [await place.connect(laptop), await place.connect(phone, 'long-poll')] as const;
  for (const session of sessions) await session.settle();
  now += 61_000;
  const listed = [...(await devices(laptop))].sort((a, b) => a.label.localeCompare(b.label));
  expect(listed).toMatchObject([
    { label: '', transport: 'rest', connected: false, current: false, usedAt: 1_000_000 },
    { label: 'Laptop', transport: 'websocket', connected: true, current: true, usedAt: 1_061_001 },
    { label: 'Phone', connected: true, current: false, usedAt: 1_000_001 },
  ]);
  expect((await place.rest('DELETE', '/api/devices/none', undefined, laptop.token)).status).toBe(404);
  expect((await place.rest('DELETE', `/api/devices/${listed[2]?.id}`, undefined, laptop.token)).status).toBe(204);
  expect(await sessions[1].closed).toBe('revoked');
  expect((await devices(laptop)).map((device) => device.label).sort()).toEqual(['', 'Laptop']);
  expect((await place.rest('DELETE', '/api/devices', undefined, laptop.token)).status).toBe(204);
  expect((await devices(laptop)).map((device) => device.label)).toEqual(['Laptop']);
  expect((await place.rest('GET', '/api/me', undefined, first.token)).status).toBe(401);
  await sessions[0].settle();
});

test('the last transport of a device is remembered after it has disconnected', async () => {
  place = await TestPlace.start();
  const ann = await place.register('ann');
  const session = await place.connect(ann, 'event-stream');
  await session.settle();
  session.wire.close();
  await session.closed;
  await expect.poll(async () => await devices(ann)).toMatchObject([{ transport: 'event-stream', connected: false }]);
});

test('a sign-in beyond the limit signs out the least recently used device and ends its session', async () => {
  let now = 1_000_000;
  place = await TestPlace.start({ wallNow: () => now, chatLimits: { ...chatLimits, credentialsMax: 3 } });
  const ann = await place.register('ann');
  now += 1_000;
  const laptop = await signIn('ann', 'Laptop');
  const session = await place.connect(laptop);
  await session.settle();
  now += 61_000;
  expect((await place.rest('GET', '/api/me', undefined, ann.token)).status).toBe(200);
  await signIn('ann', 'Phone');
  expect((await devices(ann)).map(({ label }) => label)).toEqual(['', 'Laptop', 'Phone']);
  now += 1;
  await signIn('ann', 'Tablet');
  expect(await session.closed).toBe('revoked');
  expect((await place.rest('GET', '/api/me', undefined, laptop.token)).status).toBe(401);
  expect((await devices(ann)).map(({ label }) => label)).toEqual(['', 'Phone', 'Tablet']);
});

test("one person's device cannot be signed out by another", async () => {
  place = await TestPlace.start();
  const [ann, bob] = [await place.register('ann'), await place.register('bob')];
  const [annes] = await devices(ann);
  expect((await place.rest('DELETE', `/api/devices/${annes?.id}`, undefined, bob.token)).status).toBe(404);
  expect((await place.rest('GET', '/api/me', undefined, ann.token)).status).toBe(200);
});
