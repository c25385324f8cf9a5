import { describe, expect, it, vi } from 'vitest';
import { messageFromText } from '../message.js';
import { assert, InvariantError } from './invariant.js';
import { SessionRegistry } from './session-registry.js';
import { ServerBench } from './test-kit/server-bench.js';

// Tests what happens when the library finds a defect of its own: a broken invariant (a condition that must always hold)
// ends its session, is reported to the node, and affects no other session.

/** Fails as a part of the session that finds the invariant `written <= allowed` broken. */
const failInvariant = (): never => {
  assert(false, 'written <= allowed');
  throw new Error('not reached');
};

const nop = (): void => undefined;

/**
 * One node with second sessions, each on a WebSocket. `broken` lists the reported invariants, and `written` and `ends` the
 * output and the end codes of each session.
 *
 * @param reports whether the node has a callback for broken invariants
 */
function node(reports = true) {
  const broken: string[] = [];
  const written: string[][] = [[], []];
  const ends: string[][] = [[], []];
  let scheduled = false;
  let ids = 0;
  const registry = new SessionRegistry({
    schedule: () => {
      scheduled = true;
    },
    sooner: () => undefined,
    id: () => {
      ids += 1;
      return `id ${ids}`;
    },
    ...(reports && { broken: (_io, invariant) => void broken.push(invariant) }),
  });
  const counts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };
  const flush = (): void => {
    while (scheduled) {
      scheduled = false;
      registry.flush(0);
    }
  };
  const sessions = [0, 1].map((at) => {
    const link = registry.link('duplex', 'websocket', {
      writeRecord: ({ t }) => void written[at]?.push(t),
      writeMessages: (source, first, last) => {
        for (let number = first; number <= last; number += 1) written[at]?.push(source.messageAt(number).text);
      },
      end: () => undefined,
    });
    const noHandlers = {
      begun: nop,
      confirmed: nop,
      deliver: nop,
      recall: () => [],
      token: nop,
      drain: nop,
      changed: nop,
    };
    const nonce = `the nonce of session ${at}`;
    const create = () => ({ ...noHandlers, ended: ({ code }: { code: string }) => void ends[at]?.push(code) });
    registry.open(link, { t: 'open', nonce }, [], create, 0);
    const session = registry.ofNonce(nonce);
    if (session === undefined) throw new Error('no session');
    link.record({ t: 'attach', id: session.id, n: 1, instance: 1, ...counts }, [], 0);
    link.record({ t: 'from', first: 1 }, [], 0);
    return { session, link };
  });
  flush();
  const [first, second] = sessions as [(typeof sessions)[number], (typeof sessions)[number]];
  return { registry, first, second, broken, written, ends, flush, counts };
}

type Node = ReturnType<typeof node>;

describe('[SN-44.1] [SN-44.2] a broken invariant', () => {
  it.each<[where: string, invariant: string, act: (node: Node) => void]>([
    [
      'while settling a message that was never received',
      'settled <= received',
      ({ first }) => first.session.consumed(messageFromText('never received')),
    ],
    [
      'while accepting a message',
      'written <= allowed',
      ({ first }) => {
        vi.spyOn(first.session.flow.outgoing, 'accept').mockImplementation(failInvariant);
        expect(first.session.send(messageFromText('a'))).toBe('closed');
      },
    ],
    [
      'while writing queued messages',
      'written <= allowed',
      ({ first, flush }) => {
        vi.spyOn(first.session.flow.outgoing, 'wrote').mockImplementation(failInvariant);
        first.session.send(messageFromText('a'));
        flush();
      },
    ],
    [
      'while applying counts',
      'written <= allowed',
      ({ first, counts }) => {
        vi.spyOn(first.session.flow.outgoing, 'learn').mockImplementation(failInvariant);
        first.link.record({ t: 'ack', ...counts }, [], 0);
      },
    ],
    [
      'while handling a body',
      'written <= allowed',
      ({ first, registry, counts }) => {
        vi.spyOn(first.session.flow.outgoing, 'learn').mockImplementation(failInvariant);
        const body = { t: 'body', id: first.session.id, n: 1, instance: 1, first: 1, count: 0, ...counts } as const;
        const io = { writeRecord: () => undefined, writeMessages: () => undefined, end: () => undefined };
        registry.link('post', 'post', io).record(body, [], 0);
      },
    ],
    [
      'while shortening a full queue',
      'written <= allowed',
      ({ first }) => {
        vi.spyOn(first.session.flow, 'squeeze').mockImplementation(failInvariant);
        expect(first.session.squeeze()).toBe(false);
      },
    ],
  ])(
    'a broken invariant ends its session with internal, is reported by name, and affects no other session: %s',
    (_where, invariant, act) => {
      const place = node();
      const { second, broken, written, ends, flush } = place;
      act(place);
      expect([broken, ends]).toEqual([[invariant], [['internal'], []]]);
      expect(written[0]).toContain('closed');
      second.session.send(messageFromText('continues'));
      flush();
      expect(written[1]).toContain('continues');
    },
  );

  it('a broken invariant is thrown if there is no callback for it, so that a simulator or a test fails', () => {
    const { first, ends } = node(false);
    expect(() => first.session.consumed(messageFromText('never received'))).toThrow(InvariantError);
    expect(ends).toEqual([[], []]);
  });

  it('an error other than a broken invariant is thrown', () => {
    const { first, broken } = node();
    vi.spyOn(first.session.flow.outgoing, 'accept').mockImplementation(() => {
      throw new TypeError('another defect');
    });
    expect(() => first.session.send(messageFromText('a'))).toThrow(TypeError);
    expect(broken).toEqual([]);
  });
});

it('a session with contradictory counts is not restored and leaves nothing', () => {
  const bench = new ServerBench();
  const snapshot = { ...emptySnapshot, received: 3, settled: 1, undelivered: [messageFromText('one of two')] };
  const restore = () => bench.registry.restore(snapshot as never, () => ({}) as never, 0);
  expect(restore).toThrow('settled + held = received');
  expect([bench.registry.size, bench.registry.ofNonce(snapshot.nonce)]).toEqual([0, undefined]);
});

const emptySnapshot = {
  id: 'former',
  former: null,
  nonce: 'a nonce of sixteen',
  term: 0,
  features: '',
  acked: 0,
  written: 0,
  limits: new ServerBench().registry.limits,
  peerReceived: 0,
  sum: 0,
  ackedSum: 0,
  peerLast: null,
  closingMs: null,
  silentMs: 0,
  leaseMs: null,
  top: 1,
  instance: 1,
  hidden: false,
  above: false,
  resets: [],
  resetNo: 0,
  unacknowledged: [],
  topics: [],
  application: null,
};
