import type { TransportName } from '@everywire/client';
import { sessionLimits } from '@everywire/protocol';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { TOKEN } from './browser-lab.js';
import { throughEveryFault } from './every-fault.js';
import { expectAsPromised } from './expect-as-promised.js';
import { expectGivingWay } from './expect-giving-way.js';
import { noHeartbeats } from './no-heartbeats.js';
import { withForeignMessages, withHtmlFile, withoutOtherWays } from './old-browser.js';
import { openScriptLab, type PagePlace, type ScriptLab, type ScriptTalk } from './script-lab.js';

interface Way {
  readonly name: TransportName;
  readonly place: PagePlace;
  readonly before?: () => void;
  /** The browser's own kind of its requests. */
  readonly kind: string;
  /** The tags of the test with one cut. */
  readonly tags: readonly string[];
}

const ways: readonly Way[] = [
  { name: 'iframe-stream', place: 'same', kind: 'document', tags: ['wide'] },
  { name: 'iframe-stream', place: 'other', kind: 'document', tags: [] },
  { name: 'htmlfile-stream', place: 'same', before: withHtmlFile, kind: 'document', tags: [] },
  { name: 'jsonp-poll', place: 'same', before: withoutOtherWays, kind: 'script', tags: ['wide'] },
  { name: 'jsonp-poll', place: 'other', before: withoutOtherWays, kind: 'script', tags: [] },
];

let lab: ScriptLab;
beforeAll(async () => {
  lab = await openScriptLab();
});
afterAll(() => lab.close());

/** Default limits: those of production, so that a busy machine loses no link by silence. */
async function start(context: TestContext, options: Parameters<ScriptLab['start']>[0]): Promise<ScriptTalk> {
  const talk = await lab.start({ limits: sessionLimits, ...options });
  context.onTestFinished(() => talk.stop());
  return talk;
}

/** Returns the requests to the server of the browser's own kind. */
const asked = (talk: ScriptTalk, path: string): string[] =>
  talk.requests.filter((one) => one.url().startsWith(`${talk.url}/${path}`)).map((one) => one.resourceType());

describe.concurrent.each(ways)('in Chromium over $name, from a page of the $place origin', (way) => {
  const { name, kind } = way;
  const page = { place: way.place, ...(way.before && { before: way.before }) };

  it('[SN-1] [SN-20] J6 a conversation without a fault has no secret in any address, and nothing twice', {
    tags: ['wide'],
  }, async (context) => {
    const talk = await start(context, page);
    const outcome = await talk.run({ transports: [name] });
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([name]);
    expect(new Set(asked(talk, name))).toEqual(new Set([kind]));
    const up = name === 'jsonp-poll' ? 'form-post' : 'up';
    expect(new Set(asked(talk, up))).toEqual(new Set([up === 'up' ? 'fetch' : 'document']));
    const urls = talk.server.urls.filter((url) => url.includes('?'));
    for (const url of [...urls, ...talk.requests.map((one) => one.url())]) expect(url).not.toContain(TOKEN);
    // Every count that a client may send, including the rare ones of a slow end: none of them is a secret.
    const counts = '(n|instance|ack|received|seen|sent|sum|last|lastSum|want|resets)=\\d+';
    const others = 'ticket=[\\w%-]+|prompt=true|hidden=(true|false)|cb=everywire\\$\\.f\\d+|origin=[\\w%.-]+';
    const allowedUrl = new RegExp(`^/everywire/[a-z-]+\\?(${counts}|${others}|&)+$`);
    expect(urls.filter((url) => !allowedUrl.test(url))).toEqual([]);
    const tickets = urls.map((url) => /ticket=([^&]+)/.exec(url)?.[1]);
    expect(new Set(tickets).size).toBe(tickets.length);
  });

  it('[SN-2] [SN-24] a conversation survives one cut, and a server that replaces this one', {
    tags: [...way.tags],
  }, async (context) => {
    const talk = await start(context, page);
    let cut = 0;
    let replaced: Promise<void> | null = null;
    talk.server.onProgress = () => {
      if (cut === 0 && talk.server.up.length >= 80) cut = talk.proxy.cutNow('reset');
      if (talk.server.up.length >= 140) replaced ??= talk.server.replace();
    };
    const outcome = await talk.run({ transports: [name] });
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([name]);
    expect(replaced).not.toBeNull();
    await replaced;
    expect(cut).toBeGreaterThan(0);
  });

  it('[SN-2] [SN-15] a conversation survives connections cut at a byte, refused, silenced, delayed and dribbled, one after another', {
    tags: ['wide'],
  }, async (context) => {
    const talk = await start(context, { ...page, limits: {} });
    const done = throughEveryFault(talk.proxy, talk.server);
    const outcome = await talk.run({ transports: [name] });
    const [lifted, all] = done();
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([name]);
    expect(lifted).toBe(all);
  });

  it('[SN-45] [SN-46] a conversation survives a network that refuses large messages', {
    tags: ['wide'],
  }, async (context) => {
    const rules = { webSocket: 'refused', bodyBytesMax: 900, refusal: { body: '<h1>413</h1>' } } as const;
    const talk = await start(context, { ...page, rules });
    const outcome = await talk.run({ transports: [name] });
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([name]);
    expect(talk.path!.counters.refusedBodies).toBeGreaterThan(0);
  });

  it('[SN-15] a conversation continues when its connections are held, detected by a probe and not by a heartbeat', {
    tags: ['wide'],
  }, async (context) => {
    const talk = await start(context, { ...page, limits: noHeartbeats });
    let held = false;
    talk.server.onProgress = () => {
      if (held || talk.server.up.length < 80) return;
      held = true;
      talk.proxy.inject({ kind: 'hold' });
    };
    expectAsPromised(talk.server, await talk.run({ transports: [name] }));
    expect(talk.proxy.counters.heldConnections).toBeGreaterThan(0);
  });

  it('[SN-11] a conversation switches from WebSocket and back', { tags: ['wide'] }, async (context) => {
    const talk = await start(context, page);
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

it('[TR-32.5] in Chromium a form that was lost is sent again, both the opening and the attaching one', {
  tags: ['wide'],
}, async (context) => {
  const talk = await start(context, { place: 'other', before: withoutOtherWays });
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

const documents = ways.filter(({ kind }) => kind === 'document');
describe.concurrent.each(documents)('$name, $place: a document that keeps loading', { tags: ['wide'] }, (way) => {
  const page = { place: way.place, ...(way.before && { before: way.before }) };

  it('[SN-13.4] a document stream gives way behind a proxy that withholds responses to their end', async (context) => {
    await expectGivingWay(await start(context, { ...page, limits: { heartbeatMs: 3000 } }), way.name);
  });

  it('[TR-15.3] [TR-15.4] [TR-30.5] a document stream ends at its limit and begins again, without loss', async (context) => {
    const talk = await start(context, { ...page, limits: { ...sessionLimits, keptBytesMax: 8_000 } });
    expectAsPromised(talk.server, await talk.run({ transports: [way.name] }));
    expect(asked(talk, way.name).length).toBeGreaterThan(5);
  });
});

describe('a page of another site', { tags: ['wide'] }, () => {
  it('[TR-30.3] J7 messages of another window or origin are ignored', async (context) => {
    const talk = await start(context, { place: 'other', before: withForeignMessages });
    expectAsPromised(talk.server, await talk.run({ transports: ['iframe-stream'] }));
    const foreign = () => talk.page.evaluate(() => (window as { foreignMessages?: number }).foreignMessages);
    await expect.poll(foreign).toBeGreaterThan(10);
  });

  it('[TR-33.1] J8 a page of another site can neither frame a document nor get a ticket for one', async (context) => {
    const talk = await start(context, { place: 'other', origins: [] });
    // Whatever the address says, the browser sends the page's real origin.
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
