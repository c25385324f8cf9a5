import type { TransportName } from '@everywire/client';
import { createFaultProxy } from '@everywire/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { asPromised } from '../../transports/conversation.js';
import { judge } from '../../transports/numbered-content.js';
import { NumberedServer } from '../../transports/numbered-server.js';
import { bundleTalkPage, servePage } from '../transports/browser-lab.js';
import type { PageOutcome } from '../transports/page.js';
import { ENGINE_DEADLINE_MS, type Engine, type EngineName } from './engine.js';
import { openEngine } from './open-engine.js';
import { startWireLab } from './wire-lab.js';

/** What each engine reads while it comes: WebKit takes parts asunder by itself, before `fetch` sees them. */
const cannot: Readonly<Record<EngineName, readonly TransportName[]>> = {
  chromium: [],
  firefox: [],
  webkit: ['multipart-stream'],
};

const all: readonly TransportName[] = [
  'websocket',
  'fetch-stream',
  'event-stream',
  'multipart-stream',
  'xhr-stream',
  'long-poll',
  'short-poll',
];
const names: readonly EngineName[] = ['chromium', 'firefox', 'webkit'];

let files: ReadonlyMap<string, string>;
let server: NumberedServer;
const after: (() => Promise<void>)[] = [];
beforeAll(async () => {
  files = await bundleTalkPage();
}, ENGINE_DEADLINE_MS);
afterEach(async () => {
  for (const stop of after.splice(0).reverse()) await stop();
});

describe.each(names)('%s', { timeout: 2 * ENGINE_DEADLINE_MS }, (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine(name);
  }, 2 * ENGINE_DEADLINE_MS);
  afterAll(() => engine.close());

  async function talk(...transports: readonly TransportName[]): Promise<PageOutcome> {
    server = await NumberedServer.start({ onRequest: servePage(files), limits: { heartbeatMs: 3_000 } });
    after.push(() => server.stop());
    const proxy = await createFaultProxy(server.port);
    after.push(() => proxy.close());
    await engine.open(`http://127.0.0.1:${proxy.port}/`);
    await engine.evaluate(`new Promise((done) => {
      (function look() { window.talk ? done() : setTimeout(look, 5); })();
    })`);
    return engine.evaluate(`talk(${JSON.stringify({ transports, token: '' })})`);
  }

  function expectAsPromised({ down, verdict }: PageOutcome): void {
    expect({
      up: judge(server.up),
      down,
      sessions: server.sessions,
      client: verdict && { clean: verdict.clean, unknown: verdict.unknown },
      server: server.verdict && { clean: server.verdict.clean, unknown: server.verdict.unknown },
    }).toEqual(asPromised);
  }

  it.each(all.filter((one) => !cannot[name].includes(one)))('[SN-1] talks over %s', async (transport) => {
    const outcome = await talk(transport);
    expectAsPromised(outcome);
    expect(outcome.transports).toEqual([transport]);
    expect(outcome.failures).toEqual([]);
  });

  it.each(cannot[name])('[SN-12] finds that %s does not do here, and talks over another', async (transport) => {
    const outcome = await talk(transport, 'long-poll');
    expectAsPromised(outcome);
    expect(outcome.transports).toEqual(['long-poll']);
    expect(outcome.failures[0]).toMatch(new RegExp(`^${transport} `));
  });

  it('[SN-16] a native EventSource comes again with its Last-Event-ID, and hears what came meanwhile', async () => {
    const lab = await startWireLab(
      { onRawLink: ({ topics }) => topics, hasHistory: () => true, limits: { rawRetryMs: 20, tickMs: 5 } },
      servePage(files),
    );
    after.push(() => lab.stop());
    const proxy = await createFaultProxy(lab.http);
    after.push(() => proxy.close());
    await engine.open(`http://127.0.0.1:${proxy.port}/`);
    await engine.evaluate(`new Promise((done) => {
      window.heard = [];
      const source = new EventSource('/everywire/raw-event-stream?topic=kept');
      source.onopen = () => done();
      source.onmessage = ({ data }) => window.heard.push(data);
    })`);
    const heard = (count: number): Promise<string[]> =>
      engine.evaluate(`new Promise((done) => {
        (function look() { heard.length >= ${count} ? done(heard) : setTimeout(look, 5); })();
      })`);
    lab.wire.publish('kept', 'one');
    await heard(1);
    const cut = proxy.cutNow('reset');
    lab.wire.publish('kept', 'two');
    await heard(2);
    lab.wire.publish('kept', 'three');
    expect(await heard(3)).toEqual(['one', 'two', 'three']);
    expect(cut).toBeGreaterThan(0);
    const ids = lab.seen.filter(({ url }) => url?.includes('raw-event-stream')).map(({ headers }) => headers);
    expect(ids[0]?.['last-event-id']).toBeUndefined();
    expect(ids.at(-1)?.['last-event-id']).toMatch(/./);
  });
});
