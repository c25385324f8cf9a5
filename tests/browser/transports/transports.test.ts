import type { TransportName } from '@everywire/client';
import { sessionLimits } from '@everywire/protocol';
import type { ServerLimits } from '@everywire/server';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type BrowserLab, type BrowserTalk, openBrowserLab, TOKEN } from './browser-lab.js';
import { throughEveryFault } from './every-fault.js';
import { expectAsPromised } from './expect-as-promised.js';
import { expectGivingWay } from './expect-giving-way.js';
import { noHeartbeats } from './no-heartbeats.js';

/** The browser's own kind for a request of each transport. */
const kinds: { readonly [name in TransportName]?: string } = {
  websocket: 'websocket',
  'event-stream': 'eventsource',
  'fetch-stream': 'fetch',
  'multipart-stream': 'fetch',
  'xhr-stream': 'xhr',
  'long-poll': 'fetch',
  'short-poll': 'fetch',
};
const names = Object.keys(kinds) as TransportName[];

let lab: BrowserLab;
beforeAll(async () => {
  lab = await openBrowserLab();
});
afterAll(() => lab.close());

/** @param limits default: those of production, so that a busy machine loses no link by silence */
async function start(context: TestContext, limits: Partial<ServerLimits> = sessionLimits): Promise<BrowserTalk> {
  const talk = await lab.start(limits);
  context.onTestFinished(() => talk.stop());
  return talk;
}

/** Checks that the browser really used this transport: by its own kind of the request, at the transport's address. */
function expectUsed({ requests }: BrowserTalk, name: TransportName): void {
  expect(requests.filter(({ kind, url }) => kind === kinds[name] && url.includes(`/everywire/${name}`))).not.toEqual(
    [],
  );
}

describe.concurrent.each(names)('in Chromium over %s', (name) => {
  it('[SN-1] [SN-20] a conversation without a fault has no token and no session id in any address', {
    tags: ['wide'],
  }, async (context) => {
    const talk = await start(context);
    const outcome = await talk.run({ transports: [name] });
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([name]);
    expectUsed(talk, name);
    const urls = [...talk.server.urls, ...talk.requests.map(({ url }) => url)];
    expect(talk.sessionIds).toHaveLength(1);
    for (const secret of [TOKEN, ...talk.sessionIds]) expect(urls.filter((url) => url.includes(secret))).toEqual([]);
    // Only a ticket may be in an address, and no two are the same.
    const queries = talk.server.urls.filter((url) => url.includes('?'));
    expect(queries.filter((url) => !/^\/everywire\/event-stream\?ticket=[\w%-]+$/.test(url))).toEqual([]);
    expect(new Set(queries).size).toBe(queries.length);
    expect(queries.length > 0).toBe(name === 'event-stream');
  });

  it('[SN-2] [SN-24] a conversation survives one cut, and a server that replaces this one', async (context) => {
    const talk = await start(context);
    let cut = 0;
    let replaced: Promise<void> | null = null;
    talk.server.onProgress = () => {
      if (cut === 0 && talk.server.up.length >= 80) cut = talk.proxy.cutNow('reset');
      if (talk.server.up.length >= 140) replaced ??= talk.server.replace();
    };
    const outcome = await talk.run({ transports: [name] });
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([name]);
    expectUsed(talk, name);
    expect(replaced).not.toBeNull();
    await replaced;
    expect(cut).toBeGreaterThan(0);
    expect(talk.proxy.counters.cuts).toBe(cut);
  });
});

// What follows is the client's machine, which is the same in Node: one of each kind shows that the browser's carriers
// work with it.
it.concurrent.for(['websocket', 'fetch-stream', 'long-poll'] as const)(
  '[SN-15] a conversation in Chromium over %s continues when its connections are held, detected by a probe and not by a heartbeat',
  { tags: ['wide'] },
  async (name, context) => {
    const talk = await start(context, noHeartbeats);
    let held = false;
    talk.server.onProgress = () => {
      if (held || talk.server.up.length < 80) return;
      held = true;
      talk.proxy.inject({ kind: 'hold' });
    };
    expectAsPromised(talk.server, await talk.run({ transports: [name] }));
    expect(talk.proxy.counters.heldConnections).toBeGreaterThan(0);
  },
);

it.concurrent('[SN-10] a conversation in Chromium switches its transport', { tags: ['wide'] }, async (context) => {
  const talk = await start(context);
  talk.proxy.inject({ kind: 'delay', ms: 10 });
  const [from, to] = ['websocket', 'event-stream'] as const;
  const outcome = await talk.run({ transports: [from], switchTo: { transport: to, afterMessages: 40 } });
  expectAsPromised(talk.server, outcome);
  expect(outcome.transports).toEqual([from, to]);
  expectUsed(talk, to);
});

/** Transports of browsers only, which the same suite in Node does not have. */
describe.concurrent.each(['xhr-stream', 'event-stream'] as const)('in Chromium %s', { tags: ['wide'] }, (name) => {
  it('[SN-2] [SN-15] the transport survives connections cut at a byte, refused, silenced, delayed and dribbled, one after another', async (context) => {
    const talk = await start(context, {});
    const done = throughEveryFault(talk.proxy, talk.server);
    const outcome = await talk.run({ transports: [name] });
    const [lifted, all] = done();
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([name]);
    expect(lifted).toBe(all);
  });
});

it.concurrent('[SN-13.4] a stream in Chromium gives way behind a proxy that withholds responses to their end', {
  tags: ['wide'],
}, async (context) => {
  await expectGivingWay(await start(context, { heartbeatMs: 3000 }), 'xhr-stream');
});

describe.concurrent.each(names.filter((name) => name.endsWith('-stream')))('%s', { tags: ['wide'] }, (name) => {
  it('[TR-15.4] the stream is ended at its limit again and again, without loss', async (context) => {
    const talk = await start(context, { ...sessionLimits, streamBytesMax: 1_500, keptBytesMax: 1_500 });
    const outcome = await talk.run({ transports: [name] });
    expectAsPromised(talk.server, outcome);
    // A late answer of a busy machine is no fault of the stream's end.
    expect(outcome.failures.filter((failure) => !failure.endsWith(' timeout'))).toEqual([]);
    expect(talk.server.urls.filter((url) => url.includes(`/everywire/${name}`)).length).toBeGreaterThan(3);
  });
});
