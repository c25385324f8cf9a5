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

// Tests the tests: the rules for two openings (two server nodes that use one store) must detect a store that reads rows
// before it locks them. Each fault below makes a store decide on some stale rows.

/** A faulty store, and the rules that must detect it. */
interface Fault {
  /** The fault, as the end of a sentence that begins with the store. */
  readonly what: string;
  /** Returns the rows that a change decides on, given the stale rows and the current ones. */
  readonly rows?: (seen: Rows, now: Rows) => Rows;
  readonly memberRows?: (seen: MemberRows, now: MemberRows) => MemberRows;
  /** Returns the request that runs after the wait. */
  readonly request?: (request: AnyChange, seen: Rows) => AnyChange;
  /** Parts of the titles of rules that must detect the fault; the seeds must detect it too. */
  readonly detectedBy: readonly string[];
  /** Whether no seed exercises the faulty code. */
  readonly rulesAlone?: boolean;
}

type AnyChange = ChangeRequest<unknown, unknown>;

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

const keep = <Each>(_seen: Each, now: Each): Each => now;
let names = 0;

const faults: readonly Fault[] = [
  {
    what: 'reads everything before it locks',
    rows: (seen) => seen,
    detectedBy: ['have one order', 'last place', 'two concurrent edits', 'removed member cannot send', 'one owner'],
  },
  {
    what: 'reads the members before it locks the conversation',
    rows: (seen, now) => ({ ...now, members: seen.members }),
    detectedBy: ['revert concurrent changes', 'have one order', 'removed member cannot send', 'one owner'],
  },
  {
    what: 'reads the messages before it locks the conversation',
    rows: (seen, now) => ({ ...now, messages: seen.messages }),
    detectedBy: ['two concurrent edits'],
  },
  {
    what: 'reads the threads before it locks',
    rows: (seen, now) => ({ ...now, follows: seen.follows }),
    detectedBy: ['in its thread'],
    rulesAlone: true,
  },
  {
    what: 'reads the invitations before it locks',
    rows: (seen, now) => ({ ...now, invites: seen.invites }),
    detectedBy: ['last place'],
    rulesAlone: true,
  },
  {
    what: 'reads the blocks before it locks',
    rows: (seen, now) => ({ ...now, blocks: seen.blocks }),
    detectedBy: ['has blocked its sender'],
    rulesAlone: true,
  },
  {
    what: 'reads the conversation before it locks',
    rows: (seen, now) => ({ ...now, conversation: seen.conversation }),
    detectedBy: ['have one order', 'becomes large'],
  },
  {
    what: 'checks the command key before it locks',
    request: (request) => ({ ...request, key: { ...request.key, id: `${names++}` } }),
    detectedBy: ['executed once', 'by one name'],
  },
  {
    what: 'looks up the direct conversation before it locks',
    request: (request, seen) =>
      request.target.by === 'direct' && seen.conversation === null ? { ...request, target: { by: 'new' } } : request,
    detectedBy: ['write to each other concurrently'],
  },
  {
    what: 'checks the accounts before it locks',
    request: ({ active: _, ...request }) => request,
    detectedBy: ['suspended account cannot send'],
    rulesAlone: true,
  },
  {
    what: 'moves a cursor on a row that was read before the lock',
    memberRows: (seen, now) => ({ ...now, member: seen.member }),
    detectedBy: ['counts at the head', 'two drafts', 'revert concurrent changes'],
  },
  {
    what: 'moves a cursor in a conversation that was read before the member',
    memberRows: ({ conversation, position }, now) => ({
      ...now,
      conversation,
      position: position && { ...position, senderOrdinal: now.member?.sent ?? 0 },
    }),
    detectedBy: ['counts at the head'],
  },
  {
    what: 'writes a peer that was read before the lock',
    memberRows: (seen, now) => ({ ...now, peer: seen.peer }),
    detectedBy: ['two direct peers'],
  },
];

/** Opens a store that reads, waits for the lock, and then decides on the stale rows. */
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

/** Returns stores that have the fault at each opening except the first. */
function createWith(fault: Fault): CreateStore {
  return async (limits) => {
    const accounts = new MemoryAccounts(limits);
    const store = new MemoryStore({ epoch: 'e'.repeat(16), limits, stateOf: (user) => accounts.stateOf(user) });
    const another = async () => openRacing(store.another(), accounts, fault);
    const unused = (): never => {
      throw new Error('not needed by this test');
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
  const sound: Fault = { what: 'is sound', detectedBy: [] };

  it('the rules pass for a store that reads after it locks', async () => {
    for (const rule of openingRules) expect([rule.title, await isFound(rule, sound)]).toContain(false);
    for (const seed of seeds) await runOpeningSeed(createWith(sound), seed);
  });

  it.each(faults)('the rules find a store that $what', async (fault) => {
    const finders: string[] = [];
    for (const rule of openingRules) if (await isFound(rule, fault)) finders.push(rule.title);
    expect(finders).toEqual(expect.arrayContaining(fault.detectedBy.map((words) => expect.stringContaining(words))));
    const runs = await Promise.allSettled(seeds.map((seed) => runOpeningSeed(createWith(fault), seed)));
    expect(runs.some(({ status }) => status === 'rejected')).toBe(fault.rulesAlone !== true);
  });
});
