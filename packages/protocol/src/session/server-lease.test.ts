import { describe, expect, it } from 'vitest';
import { attach, counts, ServerBench, sumOf } from './test-kit/server-bench.js';

// Tests sessions whose token (credential) expires, and session ids that are replaced (rotated). A suspended session
// keeps its links but delivers nothing until it gets a valid token. `ServerBench` is one server node with a manual
// clock; the test plays the client.

/**
 * Shorter than the defaults: ask for a token 10 s before the old one expires, and again every 2 s; end 20 s after it
 * expired.
 */
const times = { renewBeforeMs: 10_000, renewAgainMs: 2000, suspendedMs: 20_000, lifeMs: 300_000 };
/** The record that requests a new token. */
const auth = { t: 'auth' };

/** A session on a WebSocket whose token is valid for another 30 s. */
function leased(): { bench: ServerBench; link: ReturnType<ServerBench['link']> } {
  const bench = new ServerBench({ times, limits: { heartbeatMs: 1e6, heartbeatHiddenMs: 1e6 } });
  bench.open();
  const link = bench.attach();
  bench.record(link, { t: 'from', first: 1 });
  bench.session.renew(bench.now + 30_000, bench.now);
  bench.pass(0);
  link.take();
  return { bench, link };
}

describe('an expiring token', () => {
  it('[SN-21.1] [SN-21.2] a new token is requested before the old one expires, repeatedly until one arrives', () => {
    const { bench, link } = leased();
    bench.pass(19_900);
    expect(link.take()).toEqual([]);
    bench.pass(200);
    expect(link.take()).toEqual([auth]);
    bench.pass(1800);
    expect(link.take()).toEqual([]);
    bench.pass(300);
    expect(link.take()).toEqual([auth]);
  });

  it('[SN-21.1] a token with a short life is renewed at half of it', () => {
    const { bench, link } = leased();
    bench.session.renew(bench.now + 4000, bench.now);
    bench.pass(1900);
    expect(link.take()).toEqual([]);
    bench.pass(200);
    expect(link.take()).toEqual([auth]);
  });

  it('[SN-21.4] only one token is passed on for each request', () => {
    const { bench, link } = leased();
    bench.record(link, { t: 'auth', token: 'unasked' });
    expect(bench.events).not.toContain('token unasked');
    bench.pass(20_100);
    bench.record(link, { t: 'auth', token: 'new' });
    bench.record(link, { t: 'auth', token: 'more' });
    expect(bench.events.filter((event) => String(event).startsWith('token'))).toEqual(['token new']);
  });

  it('[SN-21.1] [SN-21.3] over HTTP, a token is requested in a poll and sent in a body', () => {
    const bench = new ServerBench({ times });
    bench.open();
    bench.session.renew(12_000, 0);
    const poll = bench.attach(1, {}, bench.link('poll'));
    bench.pass(6100);
    expect(poll.take()).toEqual([{ t: 'attached', first: 1, ...counts() }, auth]);
    expect(poll.ending).toBe('done');
    bench.body(1, [], { token: 'new' });
    expect(bench.events).toContain('token new');
    // The next poll is not answered because of it: the request was received.
    expect(bench.attach(2, {}, bench.link('poll')).take()).toEqual([]);
  });

  it('[SN-21.3] the head of an attach can carry a token', () => {
    const { bench } = leased();
    bench.pass(20_100);
    bench.attach(2, { token: 'new' });
    expect(bench.events).toContain('token new');
  });

  it('[SN-2.7] [SN-21.3] an auth record without a token ends its link', () => {
    const { bench, link } = leased();
    bench.record(link, { t: 'auth' });
    expect(link.ending).toBe('malformed');
    expect(bench.session.done).toBeNull();
  });

  it('[SN-21.2] without a link, a token is requested on the next one', () => {
    const { bench, link } = leased();
    link.link.ended(bench.now);
    bench.pass(25_000);
    const next = bench.attach(2);
    expect(next.take()).toContainEqual(auth);
  });
});

describe('a suspended session', () => {
  it('[SN-21.6] a suspended session reads its links but delivers, acknowledges and writes no message', () => {
    const { bench, link } = leased();
    bench.message(link, 'before');
    bench.settle();
    bench.pass(30_100);
    expect(bench.session.delivery.isSuspended).toBe(true);
    link.take();
    bench.message(link, 'up');
    bench.send('down');
    bench.record(link, { t: 'ping', at: 2, ...counts() });
    expect(bench.delivered).toEqual(['before']);
    expect(link.take()).toEqual([
      { t: 'pong', at: 0, ack: 1, received: 2, seen: 0, sent: 0, sum: sumOf('before', 'up') },
    ]);
  });

  it('[SN-21.7] a suspended session continues in order with a valid token', () => {
    const { bench, link } = leased();
    bench.pass(30_100);
    bench.message(link, 'one');
    bench.message(link, 'two');
    bench.send('down');
    link.take();
    bench.session.renew(bench.now + 60_000, bench.now);
    bench.flush();
    expect(bench.delivered).toEqual(['one', 'two']);
    expect(link.take()).toEqual(['down']);
  });

  it('[SN-21.7] a suspended session recalls messages that no handler has begun with', () => {
    const { bench, link } = leased();
    for (const text of ['one', 'two', 'three']) bench.message(link, text);
    bench.pass(30_100);
    expect(bench.delivered).toEqual(['one']);
    bench.session.renew(Number.POSITIVE_INFINITY, bench.now);
    expect(bench.delivered).toEqual(['one', 'two', 'three']);
    link.take();
    bench.pass(200_000);
    expect(link.written).not.toContainEqual(auth);
  });

  it('[SN-21.6] a session that is renewed with an expired token is suspended before the next tick', () => {
    const { bench, link } = leased();
    for (const text of ['one', 'two']) bench.message(link, text);
    bench.session.renew(bench.now, bench.now);
    expect(bench.session.delivery.isSuspended).toBe(true);
    bench.message(link, 'three');
    bench.send('down');
    expect(bench.delivered).toEqual(['one']);
    expect(link.take()).toEqual([auth]);
    bench.session.renew(bench.now + 60_000, bench.now);
    expect(bench.delivered).toEqual(['one', 'two', 'three']);
  });

  it('[SN-14.5] [SN-21.6] a session whose token expires before the client confirms it is suspended before the next tick', () => {
    const bench = new ServerBench({ times });
    bench.open('n', ['early']);
    bench.session.renew(bench.now + 100, bench.now);
    bench.now += 100;
    bench.attach(1, { ack: 0 });
    expect(bench.session.delivery.isSuspended).toBe(true);
    expect(bench.delivered).toEqual([]);
  });

  it('[SN-21.6] [SN-24.4] a session whose token ran out during the hand-over is resumed as suspended', () => {
    const { bench, link } = leased();
    for (const text of ['one', 'two']) bench.message(link, text);
    link.link.ended(bench.now);
    bench.send('down');
    bench.session.renew(bench.now + 10, bench.now);
    bench.session.freeze({ forward: () => undefined, settled: () => undefined }, bench.now);
    bench.settle(1);
    bench.pass(20);
    const next = new ServerBench({ times });
    next.restore(bench.session.snapshot([], null, bench.now));
    expect(next.session.delivery.isSuspended).toBe(true);
    const down = next.attach(2, { id: next.session.id });
    expect(next.delivered).toEqual([]);
    expect(down.take()).not.toContain('down');
    next.session.renew(next.now + 60_000, next.now);
    next.flush();
    expect(next.delivered).toEqual(['two']);
    expect(down.take()[0]).toBe('down');
  });

  it('[SN-21.8] a suspended session without a valid token ends with expired', () => {
    const { bench, link } = leased();
    bench.pass(49_900);
    expect(bench.session.done).toBeNull();
    bench.pass(200);
    expect(bench.session.done).toMatchObject({ clean: false, code: 'expired' });
    expect(link.take()).toContainEqual({ t: 'closed', clean: false, code: 'expired', ack: 0 });
  });

  it('[SN-5.3] [SN-21.10] a link ends if its stated first number was acknowledged by another link meanwhile', () => {
    const { bench, link } = leased();
    bench.send('one');
    // The new link states first 1; messages in flight on the old one arrive after that.
    bench.session.renew(bench.now + 10, bench.now);
    bench.pass(100);
    const next = bench.attach(2, { received: 0 });
    expect(bench.session.delivery.isSuspended).toBe(true);
    const ack = counts({ ack: 1, received: 1, sum: sumOf('one') });
    bench.record(link, { t: 'ack', ...ack });
    expect(next.ending).toBe('done');
    bench.session.renew(bench.now + 60_000, bench.now);
    bench.send('two');
    const last = bench.attach(3, ack);
    expect(last.take()).toEqual([{ t: 'attached', first: 2, ...counts({ seen: 1, sent: 1 }) }, 'two']);
  });
});

describe('a rotated id', () => {
  it('[SN-20.4] [SN-20.5] a rotated id is valid from the next carrier on, and the former id until then', () => {
    const { bench, link } = leased();
    bench.registry.rotate(bench.session);
    bench.registry.rotate(bench.session);
    bench.flush();
    expect(link.take()).toEqual([{ t: 'rotate', id: 'id 2' }]);
    expect(bench.body(1, ['old']).ending).toBe('done');
    const body = bench.body(2, ['new'], { id: 'id 2' });
    expect(body.take()).toMatchObject([{ t: 'answer', received: 2 }]);
    expect(bench.delivered).toEqual(['old', 'new']);
  });

  it('[R3] [SN-20.5] the former id gets no information about the session once the new id was used', () => {
    const { bench } = leased();
    bench.registry.rotate(bench.session);
    bench.body(1, [], { id: 'id 2' });
    const late = bench.body(1, ['late']);
    expect(late.take()).toEqual([]);
    expect(late.ending).toBe('frozen');
    expect(bench.delivered).toEqual([]);
    expect(bench.session.done).toBeNull();
    expect(bench.registry.size).toBe(1);
  });

  it('[SN-20.4] a rotated id is sent again on each link until it is used', () => {
    const { bench, link } = leased();
    bench.registry.rotate(bench.session);
    bench.flush();
    link.link.ended(bench.now);
    const next = bench.attach(2);
    expect(next.take()).toContainEqual({ t: 'rotate', id: 'id 2' });
    expect(bench.attach(3, { id: 'id 2' }).take()).not.toContainEqual({ t: 'rotate', id: 'id 2' });
  });

  it('[SN-20.5] both ids of a rotated session get the verdict and are forgotten with it', () => {
    const { bench } = leased();
    bench.registry.rotate(bench.session);
    bench.session.fail('revoked');
    for (const id of ['id 1', 'id 2']) expect(bench.body(1, [], { id }).take()).toMatchObject([{ code: 'revoked' }]);
    bench.pass(61_000);
    for (const id of ['id 1', 'id 2'])
      expect(bench.body(1, [], { id }).take()).toEqual([{ t: 'refused', code: 'unknown' }]);
    expect(bench.registry.size).toBe(0);
  });

  it('[SN-20.1] an id consists of a secret and a locator, and with another locator names another session', () => {
    const bench = new ServerBench({ locator: '.here' });
    const opened = bench.open();
    expect(opened.take()).toMatchObject([{ t: 'opened', id: 'id 1.here' }]);
    const link = bench.link();
    bench.record(link, attach(1, { id: 'id 1.there' }));
    expect(link.take()).toEqual([{ t: 'refused', code: 'unknown' }]);
    bench.record(bench.link(), attach(1, { id: 'id 1.here' }));
    expect(bench.session.delivery.isConfirmed).toBe(true);
  });
});
