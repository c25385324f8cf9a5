import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteStore } from '@everywire/store-sqlite';
import { afterEach, expect, test, vi } from 'vitest';
import { type TestPerson, TestPlace, type TestPlaceOptions } from './test-place.js';
import type { TestSession } from './test-session.js';

const [minute, day] = [60_000, 86_400_000];
const start = Date.UTC(2026, 10, 21, 12);

/** A simulated machine. Its wall clock can be set independently of the elapsed time. Both are in milliseconds. */
let machine: { wall: number; elapsed: number };
let place: TestPlace;
afterEach(() => place.stop());

/** Lets time pass. */
const pass = (milliseconds: number): void => {
  machine.wall += milliseconds;
  machine.elapsed += milliseconds;
};

/** Starts a server on this machine. */
async function open(options: TestPlaceOptions = {}): Promise<void> {
  const clockSources = {
    system: () => machine.wall,
    elapsed: () => machine.elapsed,
    sinceBoot: () => 100 * day + machine.elapsed,
  };
  place = await TestPlace.start({ clockSources, ...options });
}

/** Returns the status of a request with the user's token. */
const status = async (person: TestPerson): Promise<number> =>
  (await place.rest('GET', '/api/me', undefined, person.token)).status;

const warnings = (): readonly string[] => place.lines.filter((line) => line.includes('clock_'));

/** Opens a session. `send` sends a message and returns its time. */
async function talk(
  names: readonly [string, string] = ['ann', 'bob'],
): Promise<{ readonly session: TestSession; readonly send: (text: string) => Promise<number> }> {
  const [ann, bob] = [await place.register(names[0]), await place.register(names[1])];
  const session = await place.connect(ann);
  const { conversation } = await session.ok({ command: 'createDirect', peer: bob.id });
  const send = async (text: string): Promise<number> =>
    (await session.ok({ command: 'send', conversation, text })).sentAt;
  return { session, send };
}

test('[CH-33.3] a clock that is 60 days ahead for a while stamps no message in the future, then or after its correction', async () => {
  machine = { wall: start, elapsed: 0 };
  await open();
  const { send } = await talk();
  await send('before');
  machine.wall += 60 * day;
  pass(minute);
  expect(await send('meanwhile')).toBe(start + minute);
  pass(10 * minute);
  machine.wall -= 60 * day;
  expect(await send('afterwards')).toBe(start + 11 * minute);
  expect(warnings()).toMatchObject([
    expect.stringContaining('clock_jump: The system clock went forward by 60 days.'),
    expect.stringContaining('clock_jump_over'),
  ]);
});

test('[CH-33.2] a clock that is 30 days behind keeps the order: times stand still until the clock is right', async () => {
  machine = { wall: start, elapsed: 0 };
  await open();
  const { send } = await talk();
  const before = await send('before');
  machine.wall -= 30 * day;
  pass(minute);
  expect(await send('meanwhile')).toBe(before);
  machine.wall += 30 * day;
  pass(minute);
  expect(await send('afterwards')).toBe(start + 2 * minute);
  expect(warnings()).toHaveLength(2);
});

test('a clock that is 91 days ahead for a while ends no sign-in, invitation or set-up link', async () => {
  machine = { wall: start, elapsed: 0 };
  await open();
  const ann = await place.register('ann');
  const setUp = await place.server.createSetUpPath();
  machine.wall += 91 * day;
  pass(minute);
  expect(await status(ann)).toBe(200);
  const secret = setUp?.path.split('/').at(-1) ?? '';
  const found = await place.rest('POST', '/api/link', { secret });
  expect(found.status).toBe(200);
  machine.wall -= 91 * day;
  pass(minute);
  expect(await status(ann)).toBe(200);
});

test('a start with a clock 91 days ahead of the store ends no sign-in, then or after its correction', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-clock-'));
  const openStore = () => createSqliteStore({ file: join(directory, 'chat.db') });
  machine = { wall: start, elapsed: 0 };
  const first = openStore();
  await open({ store: first });
  const [ann, bob] = [await place.register('ann'), await place.register('bob')];
  await place.stop();
  await first.close();

  machine.wall += 91 * day;
  const second = openStore();
  await open({ store: second, lastWrittenAt: start });
  expect(warnings()).toMatchObject([expect.stringContaining('clock_ahead')]);
  expect(await status(ann)).toBe(200);
  machine.wall -= 91 * day;
  pass(minute);
  expect([await status(ann), await status(bob)]).toEqual([200, 200]);
  await place.stop();
  await second.close();
  rmSync(directory, { recursive: true });
});

test('a start during a clock jump that began while the server ran ends no sign-in and is logged', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-clock-'));
  machine = { wall: start, elapsed: 0 };
  const system = vi.spyOn(Date, 'now').mockImplementation(() => machine.wall);
  const openBoth = async (): Promise<() => Promise<void>> => {
    const store = createSqliteStore({ file: join(directory, 'chat.db') });
    await open({ store, lastWrittenAt: store.lastWrittenAt, onClock: store.followClock });
    return async () => {
      await place.stop();
      await store.close();
    };
  };
  const stopFirst = await openBoth();
  const ann = await place.register('ann');
  machine.wall += 100 * day;
  pass(minute);
  await place.register('bob');
  await stopFirst();

  const stopSecond = await openBoth();
  expect(warnings()).toMatchObject([expect.stringContaining('clock_ahead')]);
  expect(await status(ann)).toBe(200);
  machine.wall -= 100 * day;
  pass(minute);
  const { send } = await talk(['cem', 'dana']);
  expect(await send('the clock is right')).toBe(start + 2 * minute);
  machine.wall += 50 * day;
  pass(minute);
  expect(await send('the clock jumped again')).toBe(start + 3 * minute);
  machine.wall -= 50 * day;
  await stopSecond();

  const stopThird = await openBoth();
  expect([await status(ann), warnings()]).toEqual([200, []]);
  await stopThird();
  system.mockRestore();
  rmSync(directory, { recursive: true });
});

test('a sign-in still expires after its days while the server runs', async () => {
  machine = { wall: start, elapsed: 0 };
  await open();
  const ann = await place.register('ann');
  pass(91 * day);
  expect(await status(ann)).toBe(401);
});
