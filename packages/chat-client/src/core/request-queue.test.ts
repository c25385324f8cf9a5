import { describe, expect, it } from 'vitest';
import { type ClientRequest, RequestQueue } from './request-queue.js';

// Tests `RequestQueue`, the requests that a client wants to send. Each is in flight once; it may be made again
// meanwhile.

const entry = (conversation: number): ClientRequest => ({ command: 'entry', conversation });

function connected(): RequestQueue {
  const queue = new RequestQueue({ backgroundRequestsMax: 2 });
  queue.connect();
  return queue;
}

describe('RequestQueue', () => {
  it('the same request is in flight only once', () => {
    const queue = connected();
    queue.ask(entry(1));
    queue.ask(entry(1));
    queue.ask(entry(2));
    expect(queue.takeOutgoing().map(({ request }) => request)).toEqual([entry(1), entry(2)]);
    expect(queue.takeOutgoing()).toEqual([]);
    expect([queue.isAsking(entry(1)), queue.isAsking(entry(3))]).toEqual([true, false]);
  });

  it('a request that was made again while in flight is repeated', () => {
    const queue = connected();
    queue.ask(entry(1), { again: true, tick: 4 });
    queue.ask(entry(1), { again: true, tick: 9 });
    const [{ token } = { token: 0 }] = queue.takeOutgoing();
    expect(queue.settle(token)).toMatchObject({ request: entry(1), tick: 4, again: true });
    expect(queue.settle(token)).toBeNull();
    queue.ask(entry(1), { again: true });
    const [{ token: second } = { token: 0 }] = queue.takeOutgoing();
    expect(queue.settle(second)).toMatchObject({ again: false });
  });

  it('requests of two scopes are separate', () => {
    const queue = connected();
    queue.ask(entry(1), { scope: 'old' });
    queue.ask(entry(1), { scope: 'new' });
    expect(queue.takeOutgoing()).toHaveLength(2);
  });

  it('background requests are sent a few at a time, after all others, receipts first', () => {
    const queue = connected();
    const read: ClientRequest = { command: 'read', conversation: 9, sequence: 1 };
    for (let conversation = 1; conversation <= 1_000; conversation += 1)
      queue.ask(entry(conversation), { urgency: 'later' });
    queue.ask(read, { urgency: 'soon' });
    const first = queue.takeOutgoing();
    expect(first.map(({ request }) => request)).toEqual([read, entry(1)]);
    queue.ask({ command: 'privacy' });
    // A waiting request becomes urgent when made again with `now`; its answer is newer than every reason so far.
    queue.ask(entry(900));
    queue.ask(entry(2), { urgency: 'later', again: true, tick: 7 });
    expect(queue.takeOutgoing().map(({ request }) => request)).toEqual([{ command: 'privacy' }, entry(900)]);
    expect(queue.isAsking(entry(1_000))).toBe(true);
    queue.settle(first[0]?.token ?? 0);
    const [next] = queue.takeOutgoing();
    expect(next?.request).toEqual(entry(2));
    expect(queue.settle(next?.token ?? 0)).toMatchObject({ tick: 7, again: false });
    queue.disconnect();
    queue.connect();
    expect(queue.takeOutgoing()).toEqual([]);
  });

  it('requests are forgotten when the connection is lost, and none are made without one', () => {
    const queue = connected();
    queue.ask(entry(1));
    const [{ token } = { token: 0 }] = queue.takeOutgoing();
    queue.ask(entry(2));
    queue.disconnect();
    queue.ask(entry(3));
    expect([queue.takeOutgoing(), queue.settle(token), queue.connected]).toEqual([[], null, false]);
    queue.connect();
    queue.ask(entry(1));
    expect(queue.takeOutgoing().map((outgoing) => outgoing.token)).not.toContain(token);
  });
});
