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
/** Milliseconds without messages. Longer than all idle timeouts of the proxies, and than several heartbeats. */
const IDLE_MS = 75_000;

/** A proxy, and where the server is. */
interface Case {
  readonly program: ProxyProgram;
  readonly rules: ProxyRules;
  readonly place: Place;
  /** The first transport that works. */
  readonly best: TransportName;
}

// A page's WebSocket always requests a tunnel by CONNECT, also without TLS. A proxy that allows CONNECT only to 443
// refuses it elsewhere.
const cases: readonly Case[] = (['squid', 'tinyproxy'] as const).flatMap((program) => [
  { program, rules: 'any', place: 'any-port', best: 'websocket' },
  { program, rules: 'debian', place: 'any-port', best: 'fetch-stream' },
  { program, rules: 'web', place: 'port-80', best: 'fetch-stream' },
  { program, rules: 'web', place: 'port-443', best: 'websocket' },
]);

/**
 * Returns whether this is the hardest case of a transport: for a WebSocket, if only a tunnel to 443 is allowed; for
 * requests, if the proxy sees each of them.
 */
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
      // A tunnel shows only its destination; without a tunnel the proxy sees each request.
      const tunnel = name === 'websocket' || place === 'port-443';
      const said = expect.poll(proxy.log);
      await said.toMatch(tunnel ? /CONNECT 127\.0\.\d+\.\d+:\d+/ : `/everywire/${name}`);
    },
  );

  const tags = program === 'squid' && rules === 'debian' ? [] : ['wide'];
  it(`[SN-12] by default the client chooses ${best}, without waiting for a timeout`, { tags }, async () => {
    const talk = await open(sessionLimits);
    const outcome = await talk.run({ transports: names });
    expectAsPromised(talk.server, outcome);
    expect(outcome.transports).toEqual([best]);
    // A transport that the proxy refuses fails immediately, not by a timeout.
    expect(outcome.failures.filter((failure) => / (silent|timeout)$/.test(failure))).toEqual([]);
  });

  if (rules === 'debian') {
    it('[SN-15] the server detects that a page was closed', { tags: ['wide'] }, async () => {
      // Without heartbeats, so only the proxy can end the link.
      const talk = await open(noHeartbeats);
      await talk.run({ transports: ['fetch-stream'], stays: true });
      expect(talk.server.transport).toBe('fetch-stream');
      await talk.leave();
      await expect.poll(() => talk.server.transport).toBeNull();
    });
  }

  if (process.env['EVERYWIRE_LONG']) {
    it('[SN-15] every transport survives a long silence', { timeout: 3 * IDLE_MS }, async () => {
      const pause = { afterMessages: MESSAGES_EACH_WAY / 2, ms: IDLE_MS };
      await Promise.all(
        passing.map(async (name) => {
          const own = await open(sessionLimits);
          const outcome = await own.run({ transports: [name], pause });
          expectAsPromised(own.server, outcome);
          expect(outcome.transports).toEqual([name]);
          // A proxy that does not tolerate silence would end every silent link; one answer may be late on a busy
          // machine.
          expect(outcome.failures.filter((failure) => !/ (silent|timeout)$/.test(failure))).toEqual([]);
          expect(outcome.failures.length).toBeLessThan(2);
        }),
      );
    });
  }
});
