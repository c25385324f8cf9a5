import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type SocketEvents, TabGroup } from './tab-group.js';
import { leadTabs } from './worker.js';

// Tests tabs that share one connection. The tabs elect a hub, which holds the connection; they communicate by a
// BroadcastChannel and elect by a Web Lock. Any script of the origin can write to the channel, so a tab must tolerate
// every message.

/** Delivers each message before `postMessage` returns, so that errors of listeners reach the test. */
class TestChannel {
  static readonly open = new Set<TestChannel>();
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    TestChannel.open.add(this);
  }

  postMessage(data: unknown): void {
    for (const other of [...TestChannel.open])
      if (other !== this && other.name === this.name) other.onmessage?.({ data: structuredClone(data) });
  }

  close(): void {
    TestChannel.open.delete(this);
  }
}

type Granted = () => Promise<never>;

/** Lock requests in order. A tab's lock is granted immediately, the group's when a test calls `granted`. */
let requests: { readonly name: string; readonly steal: boolean; readonly granted: Granted }[];

function requestLock(name: string, ...rest: [Granted] | [LockOptions, Granted]): Promise<never> {
  const granted = rest.at(-1) as Granted;
  const steal = rest.length === 2 && rest[0].steal === true;
  requests.push({ name, steal, granted });
  return name.startsWith('ann tab') ? granted() : new Promise(() => undefined);
}

beforeEach(() => {
  requests = [];
  vi.useFakeTimers({ now: 1_000_000 });
  vi.stubGlobal('BroadcastChannel', TestChannel);
  vi.stubGlobal('navigator', { locks: { request: requestLock } });
  vi.stubGlobal('document', { hidden: false, addEventListener: () => undefined });
});

afterEach(() => {
  TestChannel.open.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A tab of the group `ann` with one socket, and the two channels where any script of the origin can write to it. */
async function openTab(): Promise<{ events: SocketEvents; common: TestChannel; own: TestChannel }> {
  const group = new TabGroup('ann');
  expect(await group.ready).toBe(true);
  const events: SocketEvents = {
    begin: vi.fn((): [string, string[]] => ['wss://host/', []]),
    opened: vi.fn(),
    message: vi.fn(),
    ended: vi.fn(),
  };
  expect(group.add(events)).toBe(1);
  return { events, common: new TestChannel('ann'), own: new TestChannel(requests[0]!.name) };
}

it.each([Number.NaN, Number.POSITIVE_INFINITY, 0, -1, 2 ** 53, 1.5e6 + 0.5, '2000000', 'text', {}, [2_000_000], null])(
  'a tab follows no hub by the word %o, which is not the number of one',
  async (word) => {
    const { events, common } = await openTab();
    common.postMessage(word);
    expect(events.begin).not.toHaveBeenCalled();
    common.postMessage(1_000_000);
    expect(events.begin).toHaveBeenCalledOnce();
    common.postMessage(word);
    expect(events.ended).not.toHaveBeenCalled();
    common.postMessage(1_000_001);
    expect(events.ended).toHaveBeenCalledExactlyOnceWith(false);
  },
);

it('a worker that leads after the clock was set back takes a higher number than the hub before it', () => {
  const common = new TestChannel('ann');
  const heard: unknown[] = [];
  common.onmessage = ({ data }) => {
    heard.push(data);
    // The hub that leads when the worker starts.
    if (data === 'ask') common.postMessage(9_000_000);
  };
  leadTabs('ann');
  for (const word of [9_000_005, 9_000_001, Number.NaN, '9999999']) common.postMessage(word);
  requests[0]!.granted();
  expect(heard).toEqual(['ask', 9_000_006]);
});

it.each([
  null,
  undefined,
  7,
  'ping',
  {},
  { socket: 1 },
  { socket: '1', ended: true },
  { socket: 1, opened: 7 },
  { socket: 1, data: 7 },
  { socket: 1, ended: 'yes' },
  { socket: 1, alone: 1 },
])('a tab ignores %j on its own channel', async (word) => {
  const { events, common, own } = await openTab();
  common.postMessage(1_000_000);
  own.postMessage(word);
  for (const heard of [events.opened, events.message, events.ended]) expect(heard).not.toHaveBeenCalled();
});

it('a tab replaces a silent hub regardless of what another script writes on its channel', async () => {
  const { common, own } = await openTab();
  common.postMessage(1_000_000);
  vi.advanceTimersByTime(700);
  for (const word of [null, 7, 'ping', {}, { socket: 2, data: '' }]) own.postMessage(word);
  vi.advanceTimersByTime(700);
  expect(requests.at(-1)).toMatchObject({ name: 'ann', steal: true });
});

it('a tab passes the data of the hub to its socket', async () => {
  const { events, common, own } = await openTab();
  common.postMessage(1_000_000);
  const bytes = new Uint8Array([1, 2]).buffer;
  for (const word of [{ opened: '' }, { data: '' }, { data: bytes }, { ended: false }])
    own.postMessage({ socket: 1, ...word });
  expect(events.opened).toHaveBeenCalledExactlyOnceWith('');
  expect(vi.mocked(events.message).mock.calls).toEqual([[''], [bytes]]);
  expect(events.ended).toHaveBeenCalledExactlyOnceWith(false);
});
