// Over 300 lines: freezing, restoring and snapshots share one prepared session.
import { describe, expect, it } from 'vitest';
import { type Message, messageFromBytes, messageFromText } from '../message.js';
import { encodeSnapshot, parseSnapshot, type SessionSnapshot } from './snapshot.js';
import { attach, counts, type RecordedLink, ServerBench, sumOf } from './test-kit/server-bench.js';

// Tests the hand-over of a session between two server nodes. The old node freezes the session and takes a snapshot of
// it; the new node restores the session from the snapshot. `ServerBench` is one server node with a manual clock; the
// test plays the client.

/** A frozen session with its link, the messages sent after the freeze, and how often the freeze reported that handlers have settled. */
interface Frozen {
  readonly bench: ServerBench;
  readonly link: RecordedLink;
  readonly forwarded: Message[];
  settled: number;
}

/**
 * A session in the middle of traffic. Upstream, one message is being handled and one waits; downstream, one of three is
 * acknowledged.
 *
 * @param before called just before the session is frozen
 */
function frozen(before?: (bench: ServerBench, link: RecordedLink) => void): Frozen {
  const bench = new ServerBench();
  bench.open();
  const link = bench.attach();
  bench.record(link, { t: 'from', first: 1 });
  for (const text of ['up 1', 'up 2']) bench.message(link, text);
  bench.send('down 1', 'down 2');
  bench.session.send(messageFromBytes(Uint8Array.of(0, 255, 7)));
  bench.flush();
  bench.record(link, { t: 'ack', ...counts({ ack: 1, received: 1, sum: sumOf('down 1') }) });
  before?.(bench, link);
  link.take();
  const frozenSession: Frozen = { bench, link, forwarded: [], settled: 0 };
  const taken = bench.session.freeze(
    {
      forward: (message) => frozenSession.forwarded.push(message),
      settled: () => {
        frozenSession.settled += 1;
      },
    },
    bench.now,
  );
  expect(taken).toBe(true);
  return frozenSession;
}

/** Settles the running handler and returns the snapshot. */
function snapshotOf({ bench }: Frozen): SessionSnapshot {
  bench.settle(1);
  bench.pass(20);
  return bench.session.snapshot(['room'], { subject: 'ann' }, bench.now);
}

/** Encodes and parses a snapshot, as on its way to another node. */
function transferred(snapshot: SessionSnapshot): SessionSnapshot {
  let serial = 0;
  const read = parseSnapshot(encodeSnapshot(snapshot), () => {
    serial += 1;
    return serial;
  });
  if (!read) throw new Error('refused');
  return read;
}

describe('a frozen session', () => {
  it('[SN-24.1] [SN-24.3] a frozen session ends its links, writes and reads nothing, and assigns no numbers', () => {
    const { bench, link, forwarded } = frozen();
    expect(link.ending).toBe('frozen');
    expect(bench.session.send(messageFromText('later'))).toBe('ok');
    bench.flush();
    expect(link.take()).toEqual([]);
    expect(forwarded.map(({ text }) => text)).toEqual(['later']);
    expect(bench.session.flow.outgoing.sent).toBe(3);
    const body = bench.body(3, ['up 3']);
    expect(body.take()).toEqual([]);
    expect(body.ending).toBe('frozen');
    expect(bench.session.flow.incoming.received).toBe(2);
  });

  it('[SN-24.2] a frozen session waits for its handlers and recalls messages that none has begun with', () => {
    const frozenSession = frozen();
    const { bench } = frozenSession;
    bench.pass(1000);
    expect(frozenSession.settled).toBe(0);
    bench.settle(1);
    bench.pass(20);
    expect(frozenSession.settled).toBe(1);
    expect(bench.delivered).toEqual(['up 1']);
  });

  it('[SN-24.2] a frozen session is lost if a handler does not settle in time', () => {
    const { bench } = frozen();
    bench.pass(5100);
    expect(bench.session.done).toMatchObject({ clean: false, code: 'lost', unknown: 2 });
  });

  it('[SN-24.6] a frozen session is lost if its hand-over is not confirmed', () => {
    const frozenSession = frozen();
    snapshotOf(frozenSession);
    frozenSession.bench.pass(10_100);
    expect(frozenSession.bench.session.done).toMatchObject({ code: 'lost' });
    expect(frozenSession.bench.body(3, []).take()).toMatchObject([{ t: 'closed', code: 'lost' }]);
  });

  it('[SN-24.5] [SN-24.8] a frozen session is forgotten without a verdict once its hand-over is confirmed', () => {
    const frozenSession = frozen();
    snapshotOf(frozenSession);
    const { bench } = frozenSession;
    bench.session.moved(bench.now);
    expect(bench.registry.size).toBe(0);
    expect(bench.events.filter((event) => typeof event === 'object')).toEqual([]);
    // Its late carriers end and must retry; they do not get `unknown`.
    const late = bench.body(3, []);
    expect(late.take()).toEqual([]);
    expect(late.ending).toBe('frozen');
  });

  it('[SN-14.5] [SN-24.1] an unconfirmed session cannot be frozen', () => {
    const bench = new ServerBench();
    bench.open();
    expect(bench.session.freeze({ forward: () => undefined, settled: () => undefined }, 0)).toBe(false);
  });
});

describe('a restored session', () => {
  it('[SN-1] [SN-24.5] a restored session continues in the next term', () => {
    const frozenSession = frozen();
    const snapshot = transferred(snapshotOf(frozenSession));
    const other = new ServerBench();
    other.now = 500;
    const session = other.restore(snapshot);
    expect(session?.term).toBe(1);
    expect(other.delivered).toEqual(['up 2']);
    const clientCounts = counts({ ack: 1, received: 1, seen: 0, sum: sumOf('down 1') });
    const link = other.attach(2, clientCounts);
    const serverCounts = counts({ ack: 1, received: 2, seen: 1, sent: 3, sum: sumOf('up 1', 'up 2') });
    expect(link.take()).toEqual([{ t: 'attached', first: 2, ...serverCounts }, 'down 2', '\u0000\ufffd\u0007']);
    other.record(link, { t: 'from', first: 3 });
    other.message(link, 'up 3');
    other.send('down 4');
    expect(other.delivered).toEqual(['up 2', 'up 3']);
    expect(link.take()).toEqual(['down 4']);
  });

  it('[SN-5.8] [SN-24.4] a restored session still detects impossible counts', () => {
    const frozenSession = frozen();
    const other = new ServerBench();
    other.restore(transferred(snapshotOf(frozenSession)));
    other.attach(2, counts({ ack: 1, received: 3, sum: 1 }));
    expect(other.session.done).toMatchObject({ code: 'lost' });
  });

  it('[SN-24.4] a restored session keeps its remaining times', () => {
    const frozenSession = frozen((bench) => bench.session.renew(bench.now + 30_000, bench.now));
    const { bench } = frozenSession;
    const snapshot = transferred(snapshotOf(frozenSession));
    expect(snapshot).toMatchObject({ leaseMs: 30_000 - bench.now, silentMs: bench.now });
    const other = new ServerBench();
    other.now = 1e6;
    other.restore(snapshot);
    other.pass(30_000 - bench.now + 20);
    expect(other.session.delivery.isSuspended).toBe(true);
  });

  it('[SN-24.4] [SN-33.1] a restored session still replaces unwritten messages by later ones', () => {
    const frozenSession = frozen((bench, link) => {
      link.link.ended(bench.now);
      bench.session.conflate();
      for (const text of ['price 1', 'other', 'price 2']) {
        const message = messageFromText(text);
        if (text.startsWith('price')) message.key = 'price';
        bench.session.send(message);
      }
    });
    const other = new ServerBench();
    other.restore(transferred(snapshotOf(frozenSession)));
    other.flush();
    const link = other.attach(2, counts({ ack: 1, received: 1, sum: sumOf('down 1') }));
    expect(link.take().slice(1)).toEqual(['down 2', '\u0000\ufffd\u0007', 'other', 'price 2']);
  });

  it('[SN-4.12] [SN-24.4] a restored session continues to close', () => {
    const frozenSession = frozen((bench) => bench.session.close());
    const other = new ServerBench();
    other.restore(transferred(snapshotOf(frozenSession)));
    other.flush();
    const link = other.attach(2, counts({ ack: 1, received: 1, sum: sumOf('down 1') }));
    expect(link.take()[0]).toMatchObject({ t: 'attached', last: 3 });
    other.pass(8100);
    expect(other.session.done).toMatchObject({ code: 'timeout', acknowledged: 1, unknown: 2 });
  });

  it('[SN-4.5] [SN-24.4] a restored session keeps the last and checksum that the client stated', () => {
    const frozenSession = frozen((bench) => bench.body(3, [], { last: 4, lastSum: 7 }));
    const other = new ServerBench();
    other.restore(transferred(snapshotOf(frozenSession)));
    expect(other.session.flow.incoming.snapshot()).toMatchObject({ peerLast: 4, peerLastSum: 7 });
  });

  it('[SN-34.7] [SN-34.9] [SN-24.4] a restored session is polled no faster than before and lives for three pauses', () => {
    const frozenSession = frozen((bench) => {
      bench.attach(2, { every: 60_000 }, bench.link('poll'));
      expect(bench.session.takePoll(250, bench.now)).toBe(0);
    });
    const other = new ServerBench();
    other.now = 100_000;
    other.restore(transferred(snapshotOf(frozenSession)));
    const left = other.session.takePoll(250, other.now);
    expect(left).toBeGreaterThan(150);
    expect(other.session.takePoll(250, other.now + left)).toBe(0);
    other.pass(170_000);
    expect(other.session.done).toBeNull();
  });

  it('[SN-23.6] [SN-24.4] a restored session sends unconfirmed resets again', () => {
    const frozenSession = frozen((bench) => bench.session.reset('news'));
    const other = new ServerBench();
    other.restore(transferred(snapshotOf(frozenSession)));
    const link = other.attach(2, counts({ ack: 1, received: 1, sum: sumOf('down 1') }));
    expect(link.take()).toContainEqual({ t: 'reset', topic: 'news', no: 1 });
  });

  it('[SN-20.5] [SN-24.7] a restored session gets an id of its new node and keeps the old one until the new one is used', () => {
    const here = new ServerBench({ locator: '.here' });
    here.open();
    here.record(here.link(), attach(1, { id: 'id 1.here' }));
    here.session.freeze({ forward: () => undefined, settled: () => undefined }, 0);
    here.pass(20);
    const there = new ServerBench({ locator: '.there' });
    there.restore(transferred(here.session.snapshot([], null, here.now)));
    const link = there.link();
    there.record(link, attach(2, { id: 'id 1.here' }));
    expect(link.take()).toContainEqual({ t: 'rotate', id: 'id 1.there' });
    // The session moves to a third node before the client has used the new id.
    there.session.freeze({ forward: () => undefined, settled: () => undefined }, there.now);
    there.pass(20);
    const back = new ServerBench({ locator: '.back' });
    back.restore(transferred(there.session.snapshot([], null, there.now)));
    for (const id of ['id 1.here', 'id 1.there']) {
      const next = back.link();
      back.record(next, attach(3, { id }));
      expect(next.take()).toMatchObject([{ t: 'attached' }, { t: 'rotate' }]);
    }
  });

  it('[SN-24.9] a session is not restored if its id is known', () => {
    const frozenSession = frozen();
    const snapshot = transferred(snapshotOf(frozenSession));
    const other = new ServerBench();
    expect(other.restore(snapshot)).not.toBeNull();
    expect(other.restore(snapshot)).toBeNull();
  });
});

describe('a snapshot', () => {
  it('[SN-24.4] a snapshot survives encoding and parsing', () => {
    const snapshot = snapshotOf(frozen());
    const { unacknowledged, undelivered, ...rest } = transferred(snapshot);
    expect(rest).toMatchObject({ topics: ['room'], application: { subject: 'ann' } });
    expect(unacknowledged.map(({ binary, text, serial }) => [binary, text, serial])).toEqual([
      [false, 'down 2', 1],
      [true, '\u0000\ufffd\u0007', 2],
    ]);
    expect(undelivered.map(({ text }) => text)).toEqual(['up 2']);
  });

  it('[SN-24.4] a snapshot of a session that was never attached is valid', () => {
    const bench = new ServerBench();
    bench.open();
    bench.body(1, []);
    bench.session.freeze({ forward: () => undefined, settled: () => undefined }, 0);
    bench.pass(20);
    expect(transferred(bench.session.snapshot([], null, bench.now))).toMatchObject({ top: 0, instance: -1 });
  });

  it('[SN-4.1] [SN-24.9] a snapshot that is damaged anywhere is refused', () => {
    const text = encodeSnapshot(snapshotOf(frozen()));
    for (let at = 0; at < text.length; at += 1) {
      expect(parseSnapshot(text.slice(0, at), () => 0)).toBeNull();
      const changed = `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`;
      expect(
        parseSnapshot(changed, () => 0),
        `changed at ${at}`,
      ).toBeNull();
    }
  });

  it.each<[string, Partial<SessionSnapshot>]>([
    ['acknowledges unwritten messages', { acked: 9 }],
    ['has written messages that it does not have', { written: 99 }],
    ['states unwritten messages as received by the client', { peerReceived: 99 }],
    ['settled messages that it did not receive', { settled: 5 }],
    ['has its own id as former id', { former: 'id 1' }],
    ['has a topic without a name', { topics: [7] as never }],
    ['has a reset above the last number', { resets: [['room', 3]] }],
    ['has no instance', { instance: 0.5 }],
    ['has a negative duration', { silentMs: -1 }],
    ['has no limits', { limits: {} as never }],
  ])('[SN-24.9] an inconsistent snapshot is refused: %s', (_name, wrong) => {
    expect(parseSnapshot(encodeSnapshot({ ...snapshotOf(frozen()), ...wrong }), () => 0)).toBeNull();
  });
});
