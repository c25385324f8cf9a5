import { createChatServer } from '@everywire/chat-server';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { afterEach, expect, it, vi } from 'vitest';
import { createChatClient } from './create-chat-client.js';
import { RequestChannel } from './request-channel.js';
import { register, type SignedIn } from './sign-in.js';

// Tests the timers of a client: it resyncs (requests what changed since its last stamp) and reports its presence at
// intervals.

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Returns the delays of all timers that a new client sets until its longest, with this random number. */
async function delaysOf(chance: number, account: SignedIn, url: string): Promise<readonly number[]> {
  vi.spyOn(Math, 'random').mockReturnValue(chance);
  const timers = vi.spyOn(globalThis, 'setTimeout').mockClear();
  const client = createChatClient({ url, ...account });
  const delays = (): readonly number[] => timers.mock.calls.map(([, ms]) => ms ?? 0);
  await vi.waitFor(() => expect(delays().some((ms) => ms >= 45_000)).toBe(true));
  await client.close();
  return delays();
}

/** Starts a server for one test, with an account. */
async function signUp(onTestFinished: (end: () => Promise<void>) => void) {
  const server = await createChatServer({
    store: new MemoryStore({ epoch: '0123456789abcdef' }),
    accounts: new MemoryAccounts(),
    place: { name: 'Test', runBy: '', registration: 'open', version: '0' },
    passwordCost: { memoryKib: 8_192, passes: 1 },
  });
  onTestFinished(() => server.close({ deadlineMs: 500 }));
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  return { url, account: await register(url, { name: 'ann', password: 'correct horse battery' }) };
}

it('[CH-16.1] a client resyncs every fifteen minutes, plus or minus a quarter', async ({ onTestFinished }) => {
  const { url, account } = await signUp(onTestFinished);
  expect(await delaysOf(0.5, account, url)).toContain(900_000);
  expect(await delaysOf(0.1, account, url)).toContain(720_000);
});

it('[CM-13.2] a client renews its presence every 30 s while its page is visible', async ({ onTestFinished }) => {
  const { url, account } = await signUp(onTestFinished);
  const presenceRequests: unknown[] = [];
  const { ask } = RequestChannel.prototype;
  vi.spyOn(RequestChannel.prototype, 'ask').mockImplementation(function (this: RequestChannel, request) {
    if (request.command === 'present') presenceRequests.push(request.active);
    return ask.call(this, request) as never;
  });
  const timers = vi.spyOn(globalThis, 'setTimeout');
  const client = createChatClient({ url, ...account });
  onTestFinished(() => client.close());
  const due = (): readonly (() => void)[] =>
    timers.mock.calls.flatMap(([run, ms]) => (ms === 30_000 ? [run as () => void] : []));
  await expect.poll(() => presenceRequests, { timeout: 20_000 }).toEqual([true]);
  // The timer is set in the tick of the request; the test controls the clock.
  const renewals = due();
  expect(renewals.length).toBeGreaterThan(0);
  for (const run of renewals) run();
  await expect.poll(() => presenceRequests, { timeout: 20_000 }).toEqual([true, true]);
  expect(due().length).toBeGreaterThan(renewals.length);
}, 60_000);
