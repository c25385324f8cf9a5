import { expect, it } from 'vitest';
import type { LiveLink } from '../gathering/link-host.js';
import type { TimerEntry, TimerWheel } from '../timer-wheel.js';
import { Lifecycle } from './lifecycle.js';
import type { SessionTable } from './session-table.js';

// Tests `Lifecycle.close`, which ends a server: links may leave until a deadline, then they are destroyed.

it('[TR-20.2] close ends soon after its deadline even if clients of continued sessions reconnect again and again', async () => {
  const scheduled: TimerEntry[] = [];
  const wheel = { schedule: (entry: TimerEntry) => scheduled.push(entry), stop: () => undefined };
  const table = { shutDown: () => undefined, failAll: () => undefined, isVerdictAwaited: () => false };
  const lifecycle = new Lifecycle(table as unknown as SessionTable, wheel as unknown as TimerWheel);
  const ended: string[] = [];
  const link = (name: string): LiveLink =>
    ({ leave: () => undefined, destroy: () => ended.push(name) }) as unknown as LiveLink;
  const [early, late, later] = [link('early'), link('late'), link('later')];
  lifecycle.onLink(early);
  const closed = lifecycle.close(1_000);
  lifecycle.onLink(late);
  lifecycle.onLinkGone(early);
  scheduled[0]?.onTimer(1_000);
  lifecycle.onLink(later);
  lifecycle.onLinkGone(late);
  await closed;
  expect(ended).toEqual(['late']);
});
