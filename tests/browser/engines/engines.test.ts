import type { TransportName } from '@everywire/client';
import { sessionLimits } from '@everywire/protocol';
import type { ServerLimits } from '@everywire/server';
import { createFaultProxy } from '@everywire/testkit';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { NumberedServer } from '../../transports/numbered-server.js';
import { bundleTalkPage, servePage } from '../transports/browser-lab.js';
import { expectAsPromised } from '../transports/expect-as-promised.js';
import type { PageOutcome } from '../transports/page.js';
import { describeEngines } from './describe-engines.js';
import type { EngineName } from './engine.js';
import { cannot, transportsIn } from './transports-in.js';
import { startWireLab } from './wire-lab.js';

/** The part of this that runs in `npm test`: one conversation in each engine. */
const quick: Readonly<Partial<Record<EngineName, TransportName>>> = { firefox: 'fetch-stream', webkit: 'websocket' };

let files: ReadonlyMap<string, string>;
const after: (() => Promise<void>)[] = [];
beforeAll(async () => {
  files = await bundleTalkPage();
});
afterEach(async () => {
  for (const stop of after.splice(0).reverse()) await stop();
});

/** Puts a fault proxy in front of a server. */
async function proxied(port: number): Promise<Awaited<ReturnType<typeof createFaultProxy>>> {
  const proxy = await createFaultProxy(port);
  after.push(() => proxy.close());
  return proxy;
}

describeEngines((name, run, engine) => {
  async function talk(limits: Partial<ServerLimits>, ...transports: readonly TransportName[]): Promise<PageOutcome> {
    const server = await NumberedServer.start({ onRequest: servePage(files), jsonp: true, limits });
    after.push(() => server.stop());
    const { port } = await proxied(server.port);
    const outcome = await run<PageOutcome>(`http://127.0.0.1:${port}/`, 'talk', { transports, token: '' });
    expectAsPromised(server, outcome);
    return outcome;
  }

  // Chromium is tested with each transport in tests/browser/transports.
  for (const transport of name === 'chromium' ? [] : transportsIn(name)) {
    it(`[SN-1] a page talks over ${transport}`, { tags: transport === quick[name] ? [] : ['wide'] }, async () => {
      // The limits of production: a busy machine loses no link by silence.
      const outcome = await talk(sessionLimits, transport);
      expect(outcome.transports).toEqual([transport]);
      expect(outcome.failures).toEqual([]);
    });
  }

  it.each(cannot[name])(
    '[SN-12] the client finds that %s does not work here, and talks over another transport',
    { tags: ['wide'] },
    async (transport) => {
      const outcome = await talk({ heartbeatMs: 3_000 }, transport, 'long-poll');
      expect(outcome.transports).toEqual(['long-poll']);
      expect(outcome.failures[0]).toMatch(new RegExp(`^${transport} `));
    },
  );

  it('[SN-16.5] a native EventSource reconnects with its Last-Event-ID, and gets the messages of the meantime', {
    tags: ['wide'],
  }, async () => {
    const lab = await startWireLab(
      { onRawLink: ({ topics }) => topics, hasHistory: () => true, limits: { rawRetryMs: 20, tickMs: 5 } },
      servePage(files),
    );
    after.push(() => lab.stop());
    const proxy = await proxied(lab.http);
    await engine().open(`http://127.0.0.1:${proxy.port}/`);
    await engine().evaluate(`new Promise((done) => {
      window.heard = [];
      const source = new EventSource('/everywire/raw-event-stream?topic=kept');
      source.onopen = () => done();
      source.onmessage = ({ data }) => window.heard.push(data);
    })`);
    const heard = (count: number): Promise<string[]> =>
      engine().evaluate(`new Promise((done) => {
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
