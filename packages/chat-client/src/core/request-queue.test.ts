import { describe, expect, it } from 'vitest';
import { type ClientRequest, RequestQueue } from './request-queue.js';

const entry = (conversation: number): ClientRequest => ({ command: 'entry', conversation });

function connected(): RequestQueue {
  const pendingRequests = new RequestQueue({ backgroundRequestsMax: 2 });
  pendingRequests.connect();
  return pendingRequests;
}

describe('PendingRequests', () => {
  it('the same request is in flight only once', () => {
    const pendingRequests = connected();
    pendingRequests.ask(entry(1));
    pendingRequests.ask(entry(1));
    pendingRequests.ask(entry(2));
    expect(pendingRequests.takeOutgoing().map(({ request }) => request)).toEqual([entry(1), entry(2)]);
    expect(pendingRequests.takeOutgoing()).toEqual([]);
    expect([pendingRequests.isAsking(entry(1)), pendingRequests.isAsking(entry(3))]).toEqual([true, false]);
  });

  it('a request that was made again while in flight is repeated', () => {
    const pendingRequests = connected();
    pendingRequests.ask(entry(1), { again: true, tick: 4 });
    pendingRequests.ask(entry(1), { again: true, tick: 9 });
    const [{ token } = { token: 0 }] = pendingRequests.takeOutgoing();
    expect(pendingRequests.settle(token)).toMatchObject({ request: entry(1), tick: 4, again: true });
    expect(pendingRequests.settle(token)).toBeNull();
    pendingRequests.ask(entry(1), { again: true });
    const [{ token: second } = { token: 0 }] = pendingRequests.takeOutgoing();
    expect(pendingRequests.settle(second)).toMatchObject({ again: false });
  });

  it('requests of two scopes are separate', () => {
    const pendingRequests = connected();
    pendingRequests.ask(entry(1), { scope: 'old' });
    pendingRequests.ask(entry(1), { scope: 'new' });
    expect(pendingRequests.takeOutgoing()).toHaveLength(2);
  });

  it('background requests are sent a few at a time, after all others, receipts first', () => {
    const pendingRequests = connected();
    const read: ClientRequest = { command: 'read', conversation: 9, sequence: 1 };
    for (let conversation = 1; conversation <= 1_000; conversation += 1)
      pendingRequests.ask(entry(conversation), { urgency: 'later' });
    pendingRequests.ask(read, { urgency: 'soon' });
    const first = pendingRequests.takeOutgoing();
    expect(first.map(({ request }) => request)).toEqual([read, entry(1)]);
    pendingRequests.ask({ command: 'privacy' });
    // A waiting request becomes urgent when made again with `now`; its answer is newer than every reason so far.
    pendingRequests.ask(entry(900));
    pendingRequests.ask(entry(2), { urgency: 'later', again: true, tick: 7 });
    expect(pendingRequests.takeOutgoing().map(({ request }) => request)).toEqual([{ command: 'privacy' }, entry(900)]);
    expect(pendingRequests.isAsking(entry(1_000))).toBe(true);
    pendingRequests.settle(first[0]?.token ?? 0);
    const [next] = pendingRequests.takeOutgoing();
    expect(next?.request).toEqual(entry(2));
    expect(pendingRequests.settle(next?.token ?? 0)).toMatchObject({ tick: 7, again: false });
    pendingRequests.disconnect();
    pendingRequests.connect();
    expect(pendingRequests.takeOutgoing()).toEqual([]);
  });

  it('requests are forgotten when the connection is lost, and none are made without one', () => {
    const pendingRequests = connected();
    pendingRequests.ask(entry(1));
    const [{ token } = { token: 0 }] = pendingRequests.takeOutgoing();
    pendingRequests.ask(entry(2));
    pendingRequests.disconnect();
    pendingRequests.ask(entry(3));
    expect([pendingRequests.takeOutgoing(), pendingRequests.settle(token), pendingRequests.connected]).toEqual([
      [],
      null,
      false,
    ]);
    pendingRequests.connect();
    pendingRequests.ask(entry(1));
    expect(pendingRequests.takeOutgoing().map((outgoing) => outgoing.token)).not.toContain(token);
  });
});
