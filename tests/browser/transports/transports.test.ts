import type { TransportName } from '@everywire/client';
import { sessionLimits } from '@everywire/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type BrowserLab, type BrowserTalk, openBrowserLab, TOKEN } from './browser-lab.js';
import { throughEveryFault } from './every-fault.js';
import { expectAsPromised } from './expect-as-promised.js';
import { expectGivingWay } from './expect-giving-way.js';

/** What the browser itself calls a request of each transport. */
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
let talk: BrowserTalk;
beforeAll(async () => {
  lab = await openBrowserLab();
});
afterAll(() => lab.close());
afterEach(() => talk.stop());

/** The browser really used this transport: by its own word for the request, at the transport's address. */
function expectUsed(name: TransportName): void {
  expect(
    talk.requests.filter(({ kind, url }) => kind === kinds[name] && url.includes(`/everywire/${name}`)),
  ).not.toEqual([]);
}

describe.each(names)('in Chromium over %s', (name) => {
  it('[SN-1] without a fault', async () => {
    talk = await lab.start();
    const outcome = await talk.run({ transports: [name] });
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([name]);
    expectUsed(name);
  });

  it('[SN-2] with one cut', async () => {
    talk = await lab.start();
    let cut = 0;
    talk.server.onProgress = () => {
      if (cut === 0 && talk.server.up.length >= 80) cut = talk.proxy.cutNow('reset');
    };
    expectAsPromised(talk.server, await talk.run({ transports: [name] }));
    expect(cut).toBeGreaterThan(0);
    expect(talk.proxy.counters.cuts).toBe(cut);
  });

  it('[SN-15] with the old connections held back, which nobody tells', async () => {
    talk = await lab.start(sessionLimits);
    let heldAt = 0;
    talk.server.onProgress = () => {
      if (heldAt > 0 || talk.server.up.length < 80) return;
      heldAt = performance.now();
      talk.proxy.inject({ kind: 'hold' });
    };
    const outcome = await talk.run({ transports: [name] });
    expectAsPromised(talk.server, outcome);
    // Long before a heartbeat stays out: what is under way is asked after.
    expect(performance.now() - heldAt).toBeLessThan(sessionLimits.heartbeatMs);
    expect(talk.proxy.counters.heldConnections).toBeGreaterThan(0);
  });

  it('[SN-10] with one switch', async () => {
    talk = await lab.start();
    talk.proxy.inject({ kind: 'delay', ms: 10 });
    const next = names[(names.indexOf(name) + 1) % names.length]!;
    const outcome = await talk.run({ transports: [name], switchTo: { transport: next, afterMessages: 40 } });
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([name, next]);
    expectUsed(next);
  });

  it('[SN-20] with no token and no session id in any address', async () => {
    talk = await lab.start();
    await talk.run({ transports: [name] });
    const urls = [...talk.server.urls, ...talk.requests.map(({ url }) => url)];
    expect(talk.sessionIds).toHaveLength(1);
    for (const secret of [TOKEN, ...talk.sessionIds]) expect(urls.filter((url) => url.includes(secret))).toEqual([]);
    // The one thing that may stand in an address is a ticket, and no two are the same.
    const queries = talk.server.urls.filter((url) => url.includes('?'));
    expect(queries.filter((url) => !/^\/everywire\/event-stream\?ticket=[\w%-]+$/.test(url))).toEqual([]);
    expect(new Set(queries).size).toBe(queries.length);
    expect(queries.length > 0).toBe(name === 'event-stream');
  });
});

/** Those of a browser's own, which the same suite in Node does not have. */
it.each(['xhr-stream', 'event-stream'] as const)(
  '[SN-2] [SN-15] in Chromium over %s cut at a byte, refused, silenced, delayed and dribbled, one after another',
  async (name) => {
    talk = await lab.start();
    const done = throughEveryFault(talk.proxy, talk.server);
    const outcome = await talk.run({ transports: [name] });
    const [lifted, all] = done();
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([name]);
    expect(lifted).toBe(all);
  },
);

it.each(['xhr-stream', 'event-stream'] as const)(
  '[SN-13] in Chromium %s gives way behind a proxy that withholds responses to their end',
  async (name) => {
    talk = await lab.start({ heartbeatMs: 3000 });
    await expectGivingWay(talk, name);
  },
);

it.each(names.filter((name) => name.endsWith('-stream')))(
  '[TR-15] in Chromium %s is ended at its cap again and again, without loss',
  async (name) => {
    talk = await lab.start({ streamBytesMax: 1_500, keptBytesMax: 1_500 });
    const outcome = await talk.run({ transports: [name] });
    expectAsPromised(talk.server, outcome);
    expect(outcome.failures).toEqual([]);
    expect(talk.server.urls.filter((url) => url.includes(`/everywire/${name}`)).length).toBeGreaterThan(3);
  },
);
