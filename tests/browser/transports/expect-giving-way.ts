import type { TransportName } from '@everywire/client';
import { expect } from 'vitest';
import type { BrowserTalk } from './browser-lab.js';
import { expectAsPromised } from './expect-as-promised.js';

/**
 * In the middle of a conversation a proxy begins to withhold responses to their end: the page must continue by long
 * polling, without loss.
 */
export async function expectGivingWay(
  { proxy, server, run }: Pick<BrowserTalk, 'proxy' | 'server' | 'run'>,
  name: TransportName,
): Promise<void> {
  server.onProgress = () => {
    if (server.up.length !== 60 || proxy.counters.cuts > 0) return;
    proxy.inject({ kind: 'withhold' });
    proxy.cutNow('reset');
  };
  const outcome = await run({ transports: [name, 'long-poll'], first: name });
  expectAsPromised(server, outcome);
  expect(outcome.transports).toEqual([name, 'long-poll']);
  expect(proxy.counters.withheldResponses).toBeGreaterThan(0);
}
