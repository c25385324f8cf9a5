import type { TransportName } from '@everywire/client';
import { sessionLimits } from '@everywire/protocol';
import type { ServerLimits } from '@everywire/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectAsPromised } from '../browser/transports/expect-as-promised.js';
import { noHeartbeats } from '../browser/transports/no-heartbeats.js';
import { MESSAGES_EACH_WAY } from '../transports/numbered-content.js';
import { type ForwardProxy, type ProxyProgram, type ProxyRules, startForwardProxy } from './forward-proxy.js';
import { type Place, ProxiedBrowser, type ProxiedTalk } from './proxied-browser.js';

const names: readonly TransportName[] = ['websocket', 'fetch-stream', 'event-stream', 'long-poll'];
/** Longer than anything in the path may be patient with silence, and several heartbeats. */
const IDLE_MS = 75_000;

interface Case {
  readonly program: ProxyProgram;
  readonly rules: ProxyRules;
  readonly place: Place;
  /** The first of our transports that gets through. */
  readonly best: TransportName;
}

// A page's WebSocket asks any proxy for a tunnel by CONNECT, also without TLS; who allows that for 443 only refuses it elsewhere.
const cases: readonly Case[] = (['squid', 'tinyproxy'] as const).flatMap((program) => [
  { program, rules: 'any', place: 'any-port', best: 'websocket' },
  { program, rules: 'debian', place: 'any-port', best: 'fetch-stream' },
  { program, rules: 'web', place: 'port-80', best: 'fetch-stream' },
  { program, rules: 'web', place: 'port-443', best: 'websocket' },
]);

/** Where a transport has the most to bear: a WebSocket the tunnel to 443 that is all it may have, a request a proxy that sees each one. */
function isHardest(name: TransportName, rules: ProxyRules, place: Place): boolean {
  return name === 'websocket' ? rules === 'web' && place === 'port-443' : rules === 'debian';
}

let browser: ProxiedBrowser;
beforeAll(async () => {
  browser = await ProxiedBrowser.open();
});
afterAll(() => browser.close());

describe.each(cases)('through $program, rules $rules, server at $place', ({ program, rules, place, best }) => {
  const passing = names.slice(names.indexOf(best));
  let proxy: ForwardProxy;
  const talks: ProxiedTalk[] = [];
  beforeAll(async () => {
    proxy = await startForwardProxy(program, rules);
  });
  afterAll(() => proxy.stop());
  afterEach(async () => {
    for (const talk of talks.splice(0)) await talk.stop();
  });

  async function open(limits?: Partial<ServerLimits>): Promise<ProxiedTalk> {
    const talk = await browser.open(proxy, place, limits);
    talks.push(talk);
    return talk;
  }

  it.each(passing.filter((name) => isHardest(name, rules, place)))(
    '[SN-1] %s carries the conversation',
    { tags: ['wide'] },
    async (name) => {
      const talk = await open(sessionLimits);
      const outcome = await talk.run({ transports: [name] });
      expectAsPromised(talk.server, outcome);
      expect(outcome.transports).toEqual([name]);
      // A tunnel shows no more than where it goes; without one the proxy sees each request.
      const tunnel = name === 'websocket' || place === 'port-443';
      const said = expect.poll(proxy.log);
      await said.toMatch(tunnel ? /CONNECT 127\.0\.\d+\.\d+:\d+/ : `/everywire/${name}`);
    },
  );

  const tags = program === 'squid' && rules === 'debian' ? [] : ['wide'];
  it(`[SN-12] the free choice comes to ${best}, and waits for no deadline on the way`, { tags }, async () => {
    const talk = await open(sessionLimits);
    const outcome = await talk.run({ transports: names });
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([best]);
    // What the proxy refuses is given up by its refusal.
    expect(outcome.failures.filter((failure) => / (silent|timeout)$/.test(failure))).toEqual([]);
  });

  if (rules === 'debian') {
    it('[SN-15] the server hears that a page is gone', { tags: ['wide'] }, async () => {
      // Without heartbeats: it is the proxy that ends the link.
      const talk = await open(noHeartbeats);
      await talk.run({ transports: ['fetch-stream'], stays: true });
      expect(talk.server.transport).toBe('fetch-stream');
      await talk.leave();
      await expect.poll(() => talk.server.transport).toBeNull();
    });
  }

  if (process.env['EVERYWIRE_LONG']) {
    it('[SN-15] every transport outlives silence', { timeout: 3 * IDLE_MS }, async () => {
      const pause = { afterMessages: MESSAGES_EACH_WAY / 2, ms: IDLE_MS };
      await Promise.all(
        passing.map(async (name) => {
          const own = await open(sessionLimits);
          const outcome = await own.run({ transports: [name], pause });
          expectAsPromised(own.server, outcome);
          expect(outcome.transports).toEqual([name]);
          // A proxy that does not bear silence ends every link of it; one answer may come too late on a busy machine.
          expect(outcome.failures.filter((failure) => !/ (silent|timeout)$/.test(failure))).toEqual([]);
          expect(outcome.failures.length).toBeLessThan(2);
        }),
      );
    });
  }
});
