import { describe, expect, it } from 'vitest';
import { type Asked, PendingRequests } from './pending-requests.js';

const entry = (conversation: number): Asked => ({ command: 'entry', conversation });

function connected(): PendingRequests {
  const ledger = new PendingRequests({ backgroundRequestsMax: 2 });
  ledger.connect();
  return ledger;
}

describe('PendingRequests', () => {
  it('the same request is in flight only once', () => {
    const ledger = connected();
    ledger.ask(entry(1));
    ledger.ask(entry(1));
    ledger.ask(entry(2));
    expect(ledger.takeOutgoing().map(({ request }) => request)).toEqual([entry(1), entry(2)]);
    expect(ledger.takeOutgoing()).toEqual([]);
    expect([ledger.isAsking(entry(1)), ledger.isAsking(entry(3))]).toEqual([true, false]);
  });

  it('a request that was made again while in flight is repeated', () => {
    const ledger = connected();
    ledger.ask(entry(1), { again: true, tick: 4 });
    ledger.ask(entry(1), { again: true, tick: 9 });
    const [{ token } = { token: 0 }] = ledger.takeOutgoing();
    expect(ledger.settle(token)).toMatchObject({ request: entry(1), tick: 4, again: true });
    expect(ledger.settle(token)).toBeNull();
    ledger.ask(entry(1), { again: true });
    const [{ token: second } = { token: 0 }] = ledger.takeOutgoing();
    expect(ledger.settle(second)).toMatchObject({ again: false });
  });

  it('requests of two scopes are separate', () => {
    const ledger = connected();
    ledger.ask(entry(1), { scope: 'old' });
    ledger.ask(entry(1), { scope: 'new' });
    expect(ledger.takeOutgoing()).toHaveLength(2);
  });

  it('background requests are sent a few at a time, after all others, receipts first', () => {
    const ledger = connected();
    const read: Asked = { command: 'read', conversation: 9, sequence: 1 };
    for (let conversation = 1; conversation <= 1_000; conversation += 1)
      ledger.ask(entry(conversation), { urgency: 'later' });
    ledger.ask(read, { urgency: 'soon' });
    const first = ledger.takeOutgoing();
    expect(first.map(({ request }) => request)).toEqual([read, entry(1)]);
    ledger.ask({ command: 'privacy' });
    // A waiting request becomes urgent when made again with `now`; its answer is newer than every reason so far.
    ledger.ask(entry(900));
    ledger.ask(entry(2), { urgency: 'later', again: true, tick: 7 });
    expect(ledger.takeOutgoing().map(({ request }) => request)).toEqual([{ command: 'privacy' }, entry(900)]);
    expect(ledger.isAsking(entry(1_000))).toBe(true);
    ledger.settle(first[0]?.token ?? 0);
    const [next] = ledger.takeOutgoing();
    expect(next?.request).toEqual(entry(2));
    expect(ledger.settle(next?.token ?? 0)).toMatchObject({ tick: 7, again: false });
    ledger.disconnect();
    ledger.connect();
    expect(ledger.takeOutgoing()).toEqual([]);
  });

  it('requests are forgotten when the connection is lost, and none are made without one', () => {
    const ledger = connected();
    ledger.ask(entry(1));
    const [{ token } = { token: 0 }] = ledger.takeOutgoing();
    ledger.ask(entry(2));
    ledger.disconnect();
    ledger.ask(entry(3));
    expect([ledger.takeOutgoing(), ledger.settle(token), ledger.connected]).toEqual([[], null, false]);
    ledger.connect();
    ledger.ask(entry(1));
    expect(ledger.takeOutgoing().map((outgoing) => outgoing.token)).not.toContain(token);
  });
});
