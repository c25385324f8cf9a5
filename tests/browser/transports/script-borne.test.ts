import type { TransportName } from '@everywire/client';
import { sessionLimits } from '@everywire/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TOKEN } from './browser-lab.js';
import { throughEveryFault } from './every-fault.js';
import { expectAsPromised } from './expect-as-promised.js';
import { expectGivingWay } from './expect-giving-way.js';
import { withForeignMessages, withHtmlFile, withoutOtherWays } from './old-browser.js';
import { openScriptLab, type PagePlace, type ScriptLab, type ScriptTalk } from './script-lab.js';

interface Way {
  readonly name: TransportName;
  readonly place: PagePlace;
  readonly before?: () => void;
  /** What the browser calls its requests. */
  readonly kind: string;
}

const ways: readonly Way[] = [
  { name: 'iframe-stream', place: 'same', kind: 'document' },
  { name: 'iframe-stream', place: 'other', kind: 'document' },
  { name: 'htmlfile-stream', place: 'same', before: withHtmlFile, kind: 'document' },
  { name: 'jsonp-poll', place: 'same', before: withoutOtherWays, kind: 'script' },
  { name: 'jsonp-poll', place: 'other', before: withoutOtherWays, kind: 'script' },
];

let lab: ScriptLab;
let talk: ScriptTalk;
beforeAll(async () => {
  lab = await openScriptLab();
});
afterAll(() => lab.close());
afterEach(() => talk.stop());

/** Requests to the server by the browser's own word for them. */
const asked = (path: string): string[] =>
  talk.requests.filter((one) => one.url().startsWith(`${talk.url}/${path}`)).map((one) => one.resourceType());

describe.each(ways)('in Chromium over $name, from a page of the $place origin', ({ name, place, before, kind }) => {
  const start = async (limits = {}): Promise<void> => {
    talk = await lab.start({ place, limits, ...(before && { before }) });
  };

  it('[SN-1] [SN-20] J6 without a fault, with no secret in any address, and nothing twice', async () => {
    await start();
    const outcome = await talk.run({ transports: [name] });
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([name]);
    expect(new Set(asked(name))).toEqual(new Set([kind]));
    const up = name === 'jsonp-poll' ? 'form-post' : 'up';
    expect(new Set(asked(up))).toEqual(new Set([up === 'up' ? 'fetch' : 'document']));
    const urls = talk.server.urls.filter((url) => url.includes('?'));
    for (const url of [...urls, ...talk.requests.map((one) => one.url())]) expect(url).not.toContain(TOKEN);
    const told =
      /^\/everywire\/[a-z-]+\?(ticket=[\w%-]+|(n|ack|received|seen|sent|sum|last)=\d+|prompt=true|cb=everywire\$\.f\d+|origin=[\w%.-]+|&)+$/;
    expect(urls.filter((url) => !told.test(url))).toEqual([]);
    const tickets = urls.map((url) => /ticket=([^&]+)/.exec(url)?.[1]);
    expect(new Set(tickets).size).toBe(tickets.length);
  });

  it('[SN-2] with one cut', async () => {
    await start();
    let cut = 0;
    talk.server.onProgress = () => {
      if (cut === 0 && talk.server.up.length >= 80) cut = talk.proxy.cutNow('reset');
    };
    expectAsPromised(talk.server, await talk.run({ transports: [name] }));
    expect(cut).toBeGreaterThan(0);
  });

  it('[SN-2] [SN-15] cut at a byte, refused, silenced, delayed and dribbled, one after another', async () => {
    await start();
    const done = throughEveryFault(talk.proxy, talk.server);
    const outcome = await talk.run({ transports: [name] });
    const [lifted, all] = done();
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([name]);
    expect(lifted).toBe(all);
  });

  it('[SN-15] with the old connections held back, which nobody tells', async () => {
    await start(sessionLimits);
    let heldAt = 0;
    talk.server.onProgress = () => {
      if (heldAt > 0 || talk.server.up.length < 80) return;
      heldAt = performance.now();
      talk.proxy.inject({ kind: 'hold' });
    };
    expectAsPromised(talk.server, await talk.run({ transports: [name] }));
    expect(performance.now() - heldAt).toBeLessThan(sessionLimits.heartbeatMs);
    expect(talk.proxy.counters.heldConnections).toBeGreaterThan(0);
  });

  it('[SN-11] from WebSocket and back', async () => {
    await start();
    talk.proxy.inject({ kind: 'delay', ms: 10 });
    const outcome = await talk.run({
      transports: ['websocket'],
      switchTo: { transport: name, afterMessages: 40 },
      thenTo: { transport: 'websocket', afterMessages: 20 },
    });
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual(['websocket', name, 'websocket']);
  });
});

it('[TR-32] in Chromium a form that never came is sent again, the one that opens and the one that attaches', async () => {
  talk = await lab.start({ place: 'other', before: withoutOtherWays });
  const lost = new Set<string>();
  await talk.page.route('**/form-post', (route) => {
    const kind = /"t":"(open|attach)"/.exec(route.request().postData() ?? '')?.[1];
    if (kind === undefined || lost.has(kind)) return route.continue();
    lost.add(kind);
    return route.abort();
  });
  expectAsPromised(talk.server, await talk.run({ transports: ['jsonp-poll'] }));
  expect([...lost]).toEqual(['open', 'attach']);
});

describe('documents that go on loading', () => {
  it.each(ways.filter(({ kind }) => kind === 'document'))(
    '[SN-13] $name, $place: give way behind a proxy that withholds responses to their end',
    async ({ name, place, before }) => {
      talk = await lab.start({ place, limits: { heartbeatMs: 3000 }, ...(before && { before }) });
      await expectGivingWay(talk, name);
    },
  );

  it.each(ways.filter(({ kind }) => kind === 'document'))(
    '[TR-15] $name, $place: end at the cap and begin again, and lose nothing',
    async ({ name, place, before }) => {
      talk = await lab.start({ place, limits: { keptBytesMax: 8_000 }, ...(before && { before }) });
      expectAsPromised(talk.server, await talk.run({ transports: [name] }));
      expect(asked(name).length).toBeGreaterThan(5);
    },
  );
});

describe('what a page of another site can do', () => {
  it('[TR-30] J7 nothing by messages: those of another window or origin are not taken', async () => {
    talk = await lab.start({ place: 'other', before: withForeignMessages });
    expectAsPromised(talk.server, await talk.run({ transports: ['iframe-stream'] }));
    expect(await talk.page.evaluate(() => (window as { foreignMessages?: number }).foreignMessages)).toBeGreaterThan(
      10,
    );
  });

  it('[TR-30] J8 cannot frame a document, nor get a ticket for one', async () => {
    talk = await lab.start({ place: 'other', origins: [] });
    // Whatever the address says, the browser says whose page it is.
    const statuses = await talk.page.evaluate(async (url) => {
      const frame = document.createElement('iframe');
      frame.src = `${url}/iframe-stream?ticket=x&origin=${encodeURIComponent(new URL(url).origin)}`;
      const loaded = new Promise((done) => frame.addEventListener('load', done));
      document.body.appendChild(frame);
      await loaded;
      const asked = await fetch(`${url}/ticket`, { method: 'POST', body: '{}' }).catch(() => 'refused');
      return [frame.contentDocument === null, asked];
    }, talk.url);
    expect(statuses).toEqual([true, 'refused']);
    const framed = talk.responses.find((one) => one.url().includes('/iframe-stream'));
    expect(framed?.status()).toBe(403);
    expect(talk.server.sessions).toBe(0);
  });
});
