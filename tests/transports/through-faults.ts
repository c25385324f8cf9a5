import type { Fault } from '@everywire/testkit';
import { expect } from 'vitest';
import { asPromised, type Conversation } from './conversation.js';

/** Completes a conversation that has just begun, and checks that it ends as promised. */
async function finishAsPromised(talk: Conversation): Promise<void> {
  await talk.finish();
  expect(talk.outcome).toEqual(asPromised);
}

/** Injects a fault from the 150th message on, until its effect is observed. */
function meanwhile(talk: Conversation, fault: Fault, isOver: () => boolean): void {
  talk.at(150, () => {
    const lift = talk.proxy.inject(fault);
    if (fault.kind === 'refuse') talk.proxy.cutNow('reset');
    talk.when(isOver, lift);
  });
}

/** The server refuses new connections for some time. */
export async function throughRefusals(talk: Conversation): Promise<void> {
  meanwhile(talk, { kind: 'refuse' }, () => talk.proxy.counters.refusals >= 2);
  await finishAsPromised(talk);
  expect(talk.proxy.counters.refusals).toBeGreaterThanOrEqual(2);
}

/** The network passes nothing for some time, without an end of connections. */
export async function throughSilence(talk: Conversation): Promise<void> {
  meanwhile(talk, { kind: 'silence' }, () => talk.client.status.state !== 'open');
  await finishAsPromised(talk);
  expect(talk.proxy.counters.silencedBytes).toBeGreaterThan(0);
}

/** The network withholds streams to their end. The client must switch to the transport `wayOut`. */
export async function throughWithholding(talk: Conversation, wayOut: string): Promise<void> {
  talk.at(150, () => {
    talk.proxy.inject({ kind: 'withhold' });
    talk.proxy.cutNow('reset');
  });
  await finishAsPromised(talk);
  expect(talk.transports.at(-1)).toBe(wayOut);
  expect(talk.proxy.counters.withheldResponses).toBeGreaterThan(0);
}
