import { describe, expect, it, vi } from 'vitest';
import { messageFromText } from '../message.js';
import { assert, InvariantError } from './invariant.js';
import { SessionRegistry } from './session-registry.js';
import { ServerBench } from './test-kit/server-bench.js';

/** Throws the error of a part that finds `written <= allowed` broken. */
const fails = (): never => {
  assert(false, 'written <= allowed');
  throw new Error('not reached');
};

const nop = (): void => undefined;

/** Two sessions of one node, each on a WebSocket, and the broken invariants reported to the node. */
function node(tells = true) {
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
    ...(tells && { broken: (_io, invariant) => void broken.push(invariant) }),
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
    const nothing = {
      begun: nop,
      confirmed: nop,
      deliver: nop,
      recall: () => [],
      token: nop,
      drain: nop,
      changed: nop,
    };
    const nonce = `the nonce of session ${at}`;
    const create = () => ({ ...nothing, ended: ({ code }: { code: string }) => void ends[at]?.push(code) });
    registry.open(link, { t: 'open', nonce }, [], create, 0);
    const session = registry.ofNonce(nonce);
    if (session === undefined) throw new Error('no session');
    link.record({ t: 'attach', id: session.id, n: 1, instance: 1, ...counts }, [], 0);
    link.record({ t: 'from', first: 1 }, [], 0);
    return { session, link };
  });
  flush();
  const [one, two] = sessions as [(typeof sessions)[number], (typeof sessions)[number]];
  return { registry, one, two, broken, written, ends, flush, counts };
}

type Node = ReturnType<typeof node>;

describe('[SN-44.1] [SN-44.2] a broken invariant', () => {
  it.each<[where: string, invariant: string, act: (node: Node) => void]>([
    [
      'while settling a message that was never received',
      'settled <= received',
      ({ one }) => one.session.consumed(messageFromText('never received')),
    ],
    [
      'while accepting a message',
      'written <= allowed',
      ({ one }) => {
        vi.spyOn(one.session.flow.outgoing, 'accept').mockImplementation(fails);
        expect(one.session.send(messageFromText('a'))).toBe('closed');
      },
    ],
    [
      'while writing queued messages',
      'written <= allowed',
      ({ one, flush }) => {
        vi.spyOn(one.session.flow.outgoing, 'wrote').mockImplementation(fails);
        one.session.send(messageFromText('a'));
        flush();
      },
    ],
    [
      'while applying counts',
      'written <= allowed',
      ({ one, counts }) => {
        vi.spyOn(one.session.flow.outgoing, 'learn').mockImplementation(fails);
        one.link.record({ t: 'ack', ...counts }, [], 0);
      },
    ],
    [
      'while handling a body',
      'written <= allowed',
      ({ one, registry, counts }) => {
        vi.spyOn(one.session.flow.outgoing, 'learn').mockImplementation(fails);
        const body = { t: 'body', id: one.session.id, n: 1, instance: 1, first: 1, count: 0, ...counts } as const;
        const io = { writeRecord: () => undefined, writeMessages: () => undefined, end: () => undefined };
        registry.link('post', 'post', io).record(body, [], 0);
      },
    ],
    [
      'while shortening a full queue',
      'written <= allowed',
      ({ one }) => {
        vi.spyOn(one.session.flow, 'squeeze').mockImplementation(fails);
        expect(one.session.squeeze()).toBe(false);
      },
    ],
  ])(
    'a broken invariant ends its session with internal, is reported by name, and affects no other session: %s',
    (_where, invariant, act) => {
      const place = node();
      const { two, broken, written, ends, flush } = place;
      act(place);
      expect([broken, ends]).toEqual([[invariant], [['internal'], []]]);
      expect(written[0]).toContain('closed');
      two.session.send(messageFromText('continues'));
      flush();
      expect(written[1]).toContain('continues');
    },
  );

  it('a broken invariant is thrown if there is no callback for it, so that a simulator or a test fails', () => {
    const { one, ends } = node(false);
    expect(() => one.session.consumed(messageFromText('never received'))).toThrow(InvariantError);
    expect(ends).toEqual([[], []]);
  });

  it('an error other than a broken invariant is thrown', () => {
    const { one, broken } = node();
    vi.spyOn(one.session.flow.outgoing, 'accept').mockImplementation(() => {
      throw new TypeError('another defect');
    });
    expect(() => one.session.send(messageFromText('a'))).toThrow(TypeError);
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
