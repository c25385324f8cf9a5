// Over 300 lines: the decisions about all commands share their rows and helpers.
import { describe, expect, it } from 'vitest';
import type { CommandDecision } from './command-plan.js';
import { chatLimits } from './limits.js';
import { commandText, planCommand } from './plan-command.js';
import type { Rows } from './store.js';
import { commandId, context, group, memberOf, members, rowsOf } from './test-rows.js';
import type { KeyedCommand } from './wire.js';

// Tests the decisions about commands: `planCommand` returns which stored rows a command needs, and its `decide` turns
// these rows into changes, a result and notices (events for users), or a refusal. `group`, `members` and `context`
// (from test-rows) are the stored rows and the circumstances of a command by user 1 in conversation 7.

/** A command without its id. */
type Unkeyed = KeyedCommand extends infer Each ? (Each extends KeyedCommand ? Omit<Each, 'id'> : never) : never;

/** Decides about a command. @param changed other circumstances than `context` */
function decide(command: Unkeyed, rows: Rows, changed: Partial<typeof context> = {}): CommandDecision {
  const plan = planCommand({ ...command, id: commandId } as KeyedCommand, { ...context, ...changed });
  return plan.outcome === 'refused' ? plan : plan.decide(rows);
}

/** Returns a decision that accepts; throws if it refuses. */
function accepted(decision: CommandDecision): Extract<CommandDecision, { outcome: 'accepted' }> {
  if (decision.outcome !== 'accepted') throw new Error(`refused: ${decision.code}`);
  return decision;
}

/** The rows of a group with members 1 to 3. */
const rows = rowsOf(group, members);
const send: Unkeyed = { command: 'send', conversation: 7, text: 'hello' };

describe('planSend', () => {
  it('[CH-5.1] [CH-6.1] sending raises the sequence and leaves the modification', () => {
    const { changes, result } = accepted(decide(send, rows));
    expect(changes?.conversation).toEqual({ ...group, sequence: 11, count: 9, activity: 1_000 });
    expect(changes?.append).toEqual([
      {
        conversation: 7,
        sequence: 11,
        id: 'a'.repeat(16),
        sender: 1,
        commandId,
        body: { kind: 'text', text: 'hello' },
        sentAt: 1_000,
        modification: 0,
        ordinal: 9,
        senderOrdinal: 1,
      },
    ]);
    expect(result).toEqual({ sequence: 11, id: 'a'.repeat(16), sentAt: 1_000, ordinal: 9, modification: 4 });
  });

  it('[CH-19.1] sending raises sent and leaves read', () => {
    const [sender] = accepted(decide(send, rows)).changes?.members ?? [];
    expect(sender).toEqual({ ...members[0], sent: 1 });
  });

  it('sending clears the draft that the message came from, or an older one', () => {
    const drafting = memberOf(group, 1, { draft: { text: 'hel', revision: 4 } });
    for (const draft of [4, 5]) {
      const [sender] = accepted(decide({ ...send, draft }, rowsOf(group, [drafting]))).changes?.members ?? [];
      expect(sender).toMatchObject({ draft: { text: '', revision: 5 }, revision: drafting.revision + 1 });
    }
  });

  it('sending keeps a newer draft, and any draft if it names none', () => {
    const drafting = memberOf(group, 1, { draft: { text: 'hel', revision: 4 } });
    for (const late of [{ ...send, draft: 3 }, send]) {
      const [sender] = accepted(decide(late, rowsOf(group, [drafting]))).changes?.members ?? [];
      expect(sender).toMatchObject({ draft: drafting.draft, revision: drafting.revision });
    }
  });

  it('[CH-7.1] [CH-7.2] sending notifies the open members with one event that does not depend on the viewer', () => {
    expect(accepted(decide(send, rows)).notices).toEqual([
      {
        to: 'users',
        users: [1, 2, 3],
        event: {
          event: 'commit',
          epoch: 'e'.repeat(16),
          conversation: 7,
          before: { sequence: 10, modification: 4 },
          after: { sequence: 11, modification: 4 },
          membersAt: 1,
          large: false,
          row: expect.objectContaining({ sequence: 11, sender: 1 }),
          count: 9,
          memberCount: 3,
          activity: 1_000,
        },
      },
    ]);
  });

  it('[CH-24] activity never decreases', () => {
    expect(accepted(decide(send, rows, { now: 100 })).changes?.conversation?.activity).toBe(500);
  });

  it('[CH-3.2] [CH-3.4] sending is refused to a former member and to a stranger', () => {
    const former = memberOf(group, 1, { periods: [{ from: 1, to: 4, toModification: 0 }] });
    expect(decide(send, rowsOf(group, [former]))).toEqual({ outcome: 'refused', code: 'not_member' });
    expect(decide(send, rowsOf(group, []))).toEqual({ outcome: 'refused', code: 'not_found' });
    expect(decide(send, rowsOf(null, []))).toEqual({ outcome: 'refused', code: 'not_found' });
  });
});

describe('planning a new conversation', () => {
  it('a new group has one service message, at which all stays begin', () => {
    const { changes, result } = accepted(
      decide({ command: 'createGroup', name: 'new', users: [2, 2, 1] }, rowsOf(null, [])),
    );
    expect(result).toEqual({ conversation: 8 });
    expect(changes?.conversation).toMatchObject({
      id: 8,
      kind: 'group',
      name: 'new',
      sequence: 1,
      count: 0,
      membersAt: 1,
      memberCount: 2,
    });
    expect(changes?.members.map(({ user, role, periods }) => [user, role, periods])).toEqual([
      [1, 'owner', [{ from: 1, to: null, toModification: null }]],
      [2, 'member', [{ from: 1, to: null, toModification: null }]],
    ]);
  });

  it('an existing direct conversation is found, and nothing is written', () => {
    expect(decide({ command: 'createDirect', peer: 2 }, rows)).toEqual({
      outcome: 'accepted',
      changes: null,
      result: { conversation: 7 },
      notices: [],
    });
  });

  it('the direct key is the same from both sides, and there is no direct conversation with oneself', () => {
    const planOf = (actor: number, peer: number) =>
      planCommand({ command: 'createDirect', id: commandId, peer }, { ...context, actor });
    expect(planOf(1, 2)).toMatchObject({ target: { by: 'direct', key: [1, 2] } });
    expect(planOf(2, 1)).toMatchObject({ target: { by: 'direct', key: [1, 2] } });
    expect(planOf(1, 1)).toEqual({ outcome: 'refused', code: 'denied' });
  });

  it('a new group above the limit is large immediately, and one with too many members is refused', () => {
    const limits = { ...chatLimits, smallMembersMax: 2, groupMembersMax: 4 };
    const create = (users: readonly number[]) =>
      decide({ command: 'createGroup', name: 'new', users }, rowsOf(null, []), { limits });
    expect(accepted(create([2, 3])).changes?.conversation?.large).toBe(true);
    expect(create([2, 3, 4, 5])).toEqual({ outcome: 'refused', code: 'too_many' });
  });
});

describe('planAdd', () => {
  const add: Unkeyed = { command: 'add', conversation: 7, users: [3, 4, 4] };

  it('[CH-19.4] adding opens a period at its message and sets the cursors just below it', () => {
    const { changes } = accepted(decide(add, rows));
    expect(changes?.append[0]?.body).toEqual({ kind: 'service', service: { change: 'added', users: [4] } });
    expect(changes?.conversation).toMatchObject({ sequence: 11, count: 8, membersAt: 11, memberCount: 4 });
    expect(changes?.members).toEqual([
      expect.objectContaining({
        user: 4,
        read: 10,
        readOrdinal: 8,
        readSent: 0,
        shown: 10,
        delivered: 10,
        revision: 1,
      }),
    ]);
  });

  it('adding members succeeds and writes nothing', () => {
    expect(decide({ ...add, users: [2, 3] } as Unkeyed, rows)).toEqual({
      outcome: 'accepted',
      changes: null,
      result: {},
      notices: [],
    });
  });

  it('[CH-3.3] a returning member keeps the newest old stays up to the limit', () => {
    const old = [
      { from: 1, to: 3, toModification: 0 },
      { from: 4, to: 6, toModification: 2 },
    ];
    const back = memberOf(group, 4, { sent: 5, periods: old, ended: { how: 'left', name: 'old' } });
    const [joined] = accepted(decide(add, rowsOf(group, [...members, back]))).changes?.members ?? [];
    expect(joined).toMatchObject({ sent: 5, readSent: 5, ended: null, periods: [...old, { from: 11, to: null }] });
    const [trimmed] =
      accepted(decide(add, rowsOf(group, [...members, back]), { limits: { ...chatLimits, periodsMax: 2 } })).changes
        ?.members ?? [];
    expect(trimmed?.periods.map(({ from }) => from)).toEqual([4, 11]);
  });

  it('[CH-13.3] adding is refused if the group is full, or a user has too many large conversations', () => {
    expect(decide(add, rows, { limits: { ...chatLimits, groupMembersMax: 3 } })).toEqual({
      outcome: 'refused',
      code: 'too_many',
    });
    const large = { ...group, large: true };
    const counts = (count: number): Rows => ({ ...rowsOf(large, members), largeCounts: new Map([[4, count]]) });
    expect(decide(add, counts(500))).toEqual({ outcome: 'refused', code: 'too_many' });
    expect(decide(add, counts(499)).outcome).toBe('accepted');
  });

  it('[CH-17.1] [CH-17.2] adding notifies the new member too, in a large conversation by name', () => {
    expect(accepted(decide(add, rows)).notices).toMatchObject([{ to: 'users', users: [1, 2, 3, 4] }]);
    expect(accepted(decide(add, rowsOf({ ...group, large: true }, members))).notices).toMatchObject([
      { to: 'members' },
      { to: 'users', users: [4] },
    ]);
  });
});

describe('planLeave and planRemove', () => {
  it('[CH-3.1] leaving ends the period at its service message, in both parts of the head', () => {
    const { changes } = accepted(decide({ command: 'leave', conversation: 7 }, rows, { actor: 2 }));
    expect(changes?.append[0]?.body).toEqual({ kind: 'service', service: { change: 'left' } });
    expect(changes?.members).toEqual([
      expect.objectContaining({
        user: 2,
        ended: { how: 'left', name: 'group' },
        activity: 1_000,
        revision: 2,
        periods: [{ from: 1, to: 11, toModification: 4 }],
      }),
    ]);
    expect(changes?.conversation).toMatchObject({ membersAt: 11, memberCount: 2 });
  });

  it('[CH-17.1] removing notifies the removed member too', () => {
    const { notices, changes } = accepted(decide({ command: 'remove', conversation: 7, user: 3 }, rows));
    expect(notices).toMatchObject([{ to: 'users', users: [1, 2, 3] }]);
    expect(changes?.members[0]?.ended).toEqual({ how: 'removed', name: 'group' });
  });

  it('removing a non-member succeeds and writes nothing, and removing oneself is refused', () => {
    const gone = { outcome: 'accepted', changes: null, result: {}, notices: [] };
    expect(decide({ command: 'remove', conversation: 7, user: 9 }, rows)).toEqual(gone);
    expect(decide({ command: 'remove', conversation: 7, user: 1 }, rows)).toEqual({
      outcome: 'refused',
      code: 'denied',
    });
  });

  it('only the owner removes a member, and a direct conversation cannot be left', () => {
    expect(decide({ command: 'remove', conversation: 7, user: 3 }, rows, { actor: 2 })).toEqual({
      outcome: 'refused',
      code: 'denied',
    });
    const direct = rowsOf({ ...group, kind: 'direct' }, members);
    expect(decide({ command: 'leave', conversation: 7 }, direct)).toEqual({ outcome: 'refused', code: 'denied' });
  });
});

describe('planRename', () => {
  it('[CH-6.3] renaming is a service message, and nothing if the name is the same', () => {
    const { changes } = accepted(decide({ command: 'rename', conversation: 7, name: 'other' }, rows));
    expect(changes?.conversation).toMatchObject({ name: 'other', sequence: 11, modification: 4, count: 8 });
    expect(changes?.append[0]?.body).toEqual({ kind: 'service', service: { change: 'renamed', name: 'other' } });
    expect(accepted(decide({ command: 'rename', conversation: 7, name: 'group' }, rows)).changes).toBeNull();
  });
});

describe('planSetPicture', () => {
  const file = 'f'.repeat(32);
  const ref = { id: file, name: 'p.png', kind: 'image', type: 'image/png', size: 1 } as const;
  const picture = { width: 1, height: 1, placeholder: '' };
  const set = (files: NonNullable<typeof context.files> | null, changed: Partial<typeof context> = {}) =>
    decide({ command: 'setPicture', conversation: 7, file }, rows, { files, ...changed });

  it('[CH-6.3] setting a picture is a service message, and nothing if it is the same', () => {
    const { changes } = accepted(set([{ ...ref, picture }]));
    expect(changes?.conversation).toEqual({ ...group, sequence: 11, activity: 1_000, picture: file });
    expect(changes?.append[0]?.body).toEqual({ kind: 'service', service: { change: 'picture', picture: file } });
    expect(accepted(decide({ command: 'setPicture', conversation: 7, file: null }, rows)).changes).toBeNull();
  });

  it('setting a picture checks the permission first, then that the file exists and is a picture', () => {
    expect(set([ref])).toEqual({ outcome: 'refused', code: 'picture_unreadable' });
    expect(set(null)).toEqual({ outcome: 'refused', code: 'not_found' });
    expect(set(null, { actor: 2 })).toEqual({ outcome: 'refused', code: 'denied' });
  });
});

describe('commandText', () => {
  it('[CH-18.2] [CH-18.3] commandText differs for different commands and ignores the id', () => {
    const commands: readonly Unkeyed[] = [
      { command: 'send', conversation: 7, text: 'a' },
      { command: 'send', conversation: 7, text: 'b' },
      { command: 'send', conversation: 8, text: 'a' },
      { command: 'rename', conversation: 7, name: 'a' },
      { command: 'add', conversation: 7, users: [1] },
      { command: 'remove', conversation: 7, user: 1 },
      { command: 'leave', conversation: 7 },
      { command: 'setPicture', conversation: 7, file: null },
      { command: 'setPicture', conversation: 7, file: 'a' },
      { command: 'createDirect', peer: 7 },
      { command: 'createGroup', name: 'a', users: [7] },
    ];
    const texts = commands.map((command) => commandText({ ...command, id: commandId } as KeyedCommand));
    expect(new Set(texts).size).toBe(commands.length);
    expect(commandText({ ...send, id: '0' } as KeyedCommand)).toBe(commandText({ ...send, id: '1' } as KeyedCommand));
  });
});
