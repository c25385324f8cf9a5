import type { ChangeRequest, MemberChangeRequest, MemberRows, Rows } from '@everywire/chat';
import {
  CommitGate,
  type CreateStore,
  holdBefore,
  lowLimits,
  type OpeningRule,
  openingRules,
  openTwice,
  runOpeningSeed,
  type StoreOpening,
  turnOfTheLoop,
} from '@everywire/testkit';
import { describe, expect, it } from 'vitest';
import { MemoryAccounts } from './memory-accounts.js';
import { MemoryStore } from './memory-store.js';

/* The rules of two openings, tried on stores that break them as a database does that looks before it locks. */

interface Fault {
  readonly what: string;
  /** What a change decides on, of what it saw before its turn came and what is there in its turn. */
  readonly rows?: (seen: Rows, now: Rows) => Rows;
  readonly memberRows?: (seen: MemberRows, now: MemberRows) => MemberRows;
  /** What it asks for in its turn. */
  readonly request?: (request: AnyChange, seen: Rows) => AnyChange;
  /** Words of titles of rules that have to find it; the seeds have to as well. */
  readonly found: readonly string[];
  /** It is in what no seed does. */
  readonly rulesAlone?: boolean;
}

type AnyChange = ChangeRequest<unknown, unknown>;

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

const keep = <Each>(_seen: Each, now: Each): Each => now;
let names = 0;

const faults: readonly Fault[] = [
  {
    what: 'reads everything before its turn',
    rows: (seen) => seen,
    found: ['have one order', 'last place', 'two edits', 'after being removed', 'one owner'],
  },
  {
    what: 'locks the conversation and has read the members before',
    rows: (seen, now) => ({ ...now, members: seen.members }),
    found: ['puts nothing back of what its sender', 'have one order', 'after being removed', 'one owner'],
  },
  {
    what: 'locks the conversation and has read its messages before',
    rows: (seen, now) => ({ ...now, messages: seen.messages }),
    found: ['two edits'],
  },
  {
    what: 'has read the threads before its turn',
    rows: (seen, now) => ({ ...now, follows: seen.follows }),
    found: ['in its thread'],
    rulesAlone: true,
  },
  {
    what: 'has read the invitations before its turn',
    rows: (seen, now) => ({ ...now, invites: seen.invites }),
    found: ['last place'],
    rulesAlone: true,
  },
  {
    what: 'has looked who blocks whom before its turn',
    rows: (seen, now) => ({ ...now, blocks: seen.blocks }),
    found: ['have blocked its sender'],
    rulesAlone: true,
  },
  {
    what: 'has read the conversation before its turn',
    rows: (seen, now) => ({ ...now, conversation: seen.conversation }),
    found: ['have one order', 'grows large'],
  },
  {
    what: 'has looked for the key before its turn',
    request: (request) => ({ ...request, key: { ...request.key, id: `${names++}` } }),
    found: ['done once', 'by one name'],
  },
  {
    what: 'has looked for the direct conversation before its turn',
    request: (request, seen) =>
      request.target.by === 'direct' && seen.conversation === null ? { ...request, target: { by: 'new' } } : request,
    found: ['write to each other at once'],
  },
  {
    what: 'has looked for accounts before its turn',
    request: ({ active: _, ...request }) => request,
    found: ['account is suspended'],
    rulesAlone: true,
  },
  {
    what: 'moves a cursor on a row read before its turn',
    memberRows: (seen, now) => ({ ...now, member: seen.member }),
    found: ['counts at the head', 'two drafts', 'puts nothing back of what its sender'],
  },
  {
    what: 'moves a cursor in a conversation read before its row',
    memberRows: ({ conversation, position }, now) => ({
      ...now,
      conversation,
      position: position && { ...position, senderOrdinal: now.member?.sent ?? 0 },
    }),
    found: ['counts at the head'],
  },
  {
    what: 'writes a peer read before its turn',
    memberRows: (seen, now) => ({ ...now, peer: seen.peer }),
    found: ['talk to each other'],
  },
];

/** One that looks, waits for its turn, and then goes by what it saw. */
function openRacing(base: MemoryStore, accounts: MemoryAccounts, fault: Fault): StoreOpening {
  const gate = new CommitGate();
  const turn = (): Promise<void> => new Promise((resolve) => gate.pass(resolve));
  const { rows = keep<Rows>, memberRows = keep<MemberRows>, request: asked = (request) => request } = fault;
  const change = async (request: AnyChange) => {
    let seen: Rows | null = null;
    const refuse = (found: Rows) => {
      seen = found;
      return { outcome: 'refused', code: 'busy' } as const;
    };
    await base.change({ ...request, key: { ...request.key, id: `${names++}` }, decide: refuse });
    await turn();
    const before = seen;
    if (before === null) return base.change(request);
    return base.change({ ...asked(request, before), decide: (now) => request.decide(rows(before, now)) });
  };
  const changeMember = async (request: MemberChangeRequest<unknown, unknown>) => {
    let seen: MemberRows | null = null;
    const refuse = (found: MemberRows) => {
      seen = found;
      return { outcome: 'refused', code: 'busy' } as const;
    };
    await base.changeMember({ ...request, decide: refuse });
    await turn();
    const before = seen;
    if (before === null) return base.changeMember(request);
    return base.changeMember({ ...request, decide: (now) => request.decide(memberRows(before, now)) });
  };
  const store = new Proxy(base, {
    get: (target, name) => {
      if (name === 'change') return change;
      if (name === 'changeMember') return changeMember;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { store, accounts: holdBefore(accounts, gate), gate, rest: turnOfTheLoop };
}

/** A store that has the fault at each opening but the first. */
function createWith(fault: Fault): CreateStore {
  return async (limits) => {
    const accounts = new MemoryAccounts(limits);
    const store = new MemoryStore({ epoch: 'e'.repeat(16), limits, stateOf: (user) => accounts.stateOf(user) });
    const another = async () => openRacing(store.another(), accounts, fault);
    const unused = (): never => {
      throw new Error('not asked of this one');
    };
    return { store, accounts, another, reopen: unused, backup: unused, kept: unused, dispose: () => store.close() };
  };
}

async function check(rule: OpeningRule, fault: Fault, first: 'here' | 'there'): Promise<void> {
  const limits = lowLimits(rule.limits ?? {});
  await rule.check(await openTwice(await createWith(fault)(limits), limits), first);
}

async function isFound(rule: OpeningRule, fault: Fault): Promise<boolean> {
  for (const first of ['here', 'there'] as const) {
    const failed = await check(rule, fault, first).then(
      () => false,
      () => true,
    );
    if (failed) return true;
  }
  return false;
}

describe('two openings', () => {
  const sound: Fault = { what: 'is sound', found: [] };

  it('pass where nothing is seen before its turn', async () => {
    for (const rule of openingRules) expect([rule.title, await isFound(rule, sound)]).toContain(false);
    for (const seed of seeds) await runOpeningSeed(createWith(sound), seed);
  });

  it.each(faults)('find a store that $what', async (fault) => {
    const finders: string[] = [];
    for (const rule of openingRules) if (await isFound(rule, fault)) finders.push(rule.title);
    expect(finders).toEqual(expect.arrayContaining(fault.found.map((words) => expect.stringContaining(words))));
    const runs = await Promise.allSettled(seeds.map((seed) => runOpeningSeed(createWith(fault), seed)));
    expect(runs.some(({ status }) => status === 'rejected')).toBe(fault.rulesAlone !== true);
  });
});
