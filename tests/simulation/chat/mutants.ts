/** A defect put into the source on purpose: each text occurs exactly once in its file, or the run fails. */
export interface Mutant {
  readonly name: string;
  /** Where it must be found: within so many seeds, from 1 on, or in a scenario of its own, which random runs meet too seldom. */
  readonly found: { readonly withinSeeds: number } | { readonly inScenario: string };
  readonly patches: readonly { readonly file: string; readonly from: string; readonly to: string }[];
}

const chat = 'packages/chat/src';
const memory = 'packages/store-memory/src';
const core = 'packages/chat-client/src/core';

const one = (name: string, found: number | string, file: string, from: string, to: string): Mutant => ({
  name,
  found: typeof found === 'number' ? { withinSeeds: found } : { inScenario: found },
  patches: [{ file, from, to }],
});

/** Those of the chat model's list that the present commands can show, and some of the client's own. */
export const mutants: readonly Mutant[] = [
  one(
    'cursor from a global sequence',
    150,
    `${memory}/memory-tables.ts`,
    'transactions.running.size === 0 ? transactions.next : Math.min(...transactions.running)',
    'transactions.next',
  ),
  one(
    'one range a member',
    60,
    `${chat}/membership.ts`,
    '[...member.periods, { from, to: null, toModification: null }]',
    '[{ from: member.periods[0]?.from ?? from, to: null, toModification: null }]',
  ),
  one('range as a minimum', 60, `${chat}/visibility.ts`, 'Math.min(period.to ?? head, head)', 'head'),
  one(
    'send moves read',
    10,
    `${chat}/decide-send.ts`,
    'members: [withoutDraft(sender)]',
    'members: [{ ...withoutDraft(sender), read: message.sequence, readOrdinal: message.ordinal, readSent: sender.sent }]',
  ),
  one(
    'read unclamped',
    40,
    `${memory}/memory-changes.ts`,
    'Math.min(Math.max(wanted, 0), table.conversation.sequence)',
    'Math.max(wanted, 0)',
  ),
  one(
    'read backwards',
    200,
    `${chat}/decide-cursors.ts`,
    'position !== null && position.sequence > member.read',
    'position !== null',
  ),
  one('no key', 10, `${memory}/memory-store.ts`, 'kept !== undefined && key.at', 'kept === null && key.at'),
  one('epoch ignored by the server', 150, `${memory}/memory-list.ts`, 'of !== epoch || ', ''),
  one(
    'epoch ignored by the client',
    'an event of another epoch',
    `${core}/sync-core.ts`,
    'if (this.#epoch === epoch) return false;',
    'if (this.#epoch !== null) return false;',
  ),
  one(
    'page raises the modification',
    40,
    `${core}/conversation-log.ts`,
    'Math.min(this.#modification ?? modification, modification)',
    'modification',
  ),
  one(
    'page never lowers the modification',
    200,
    `${core}/conversation-log.ts`,
    'Math.min(this.#modification ?? modification, modification)',
    'this.#modification ?? modification',
  ),
  one(
    'modification gap ignored',
    40,
    `${core}/conversation-log.ts`,
    'this.#modification !== before.modification',
    '(this.#modification ?? 0) >= after.modification',
  ),
  one(
    'row to later joiners, small',
    40,
    `${chat}/fan-out.ts`,
    'return member !== undefined && isVisible(member, commit.message.sequence);',
    'return member !== undefined;',
  ),
  one(
    'row to later joiners, large',
    100,
    `${chat}/fan-out.ts`,
    'event.row !== null && isWithin(periods, event.row.sequence)',
    'event.row !== null',
  ),
  one(
    'no view version',
    100,
    `${chat}/fan-out.ts`,
    'event: CommitEvent): Audience {\n  if (view.epoch !== event.epoch || view.membersAt < event.membersAt)',
    'event: CommitEvent): Audience {\n  if (view.epoch !== event.epoch)',
  ),
  one(
    'period end by sequence alone',
    200,
    `${chat}/fan-out.ts`,
    'after.sequence <= period.to && after.modification <= period.toModification',
    'after.sequence <= period.to',
  ),
  one('told before the period began', 300, `${chat}/fan-out.ts`, 'if (after.sequence < period.from) return false;', ''),
  one(
    'members read after commit',
    40,
    'tests/simulation/chat/server-node.ts',
    'return new Map(notice.users.map((user) => [user, notice.event]));',
    'return new Map([...(await this.#readView(store, notice.event.conversation)).periods].filter(([, held]) => held.at(-1)?.to === null).map(([user]) => [user, notice.event]));',
  ),
  one(
    'changes without ranges',
    100,
    `${memory}/memory-reads.ts`,
    'message.modification > since && isVisible(member, message.sequence)',
    'message.modification > since',
  ),
  one('former member reads', 40, `${memory}/memory-reads.ts`, '|| !isOpen(member) ? null', '? null'),
  one(
    'covers from rows',
    40,
    `${memory}/memory-reads.ts`,
    'covers: plan.covers',
    'covers: plan.spans.length === 0 ? null : [plan.spans[0]?.[0] ?? 1, plan.spans.at(-1)?.[1] ?? 1]',
  ),
  one('rejoin keeps read', 40, `${chat}/membership.ts`, '    read: from - 1,', '    read: member.read,'),
  one(
    'entry without version',
    'an entry that is late',
    `${core}/conversation-list.ts`,
    'held?.trusted && before !== null',
    'before !== null && this.#tick < 0',
  ),
  one(
    'late page to a former member',
    'a page that is late for a former member',
    `${core}/sync-core.ts`,
    'const volume = this.#live(conversation);\n    if (volume === null || volume.scope !== scope) return;',
    'const volume = this.shelf.get(conversation);\n    if (volume === null) return;',
  ),
  one(
    'list reset forgets held rows',
    100,
    `${core}/sync-core.ts`,
    'if (this.list.entry(conversation) === null) this.askEntry(conversation);\n    }\n  }',
    '}\n  }',
  ),
  {
    name: 'crossing to large without a stamp',
    found: { withinSeeds: 60 },
    patches: [
      { file: `${memory}/memory-changes.ts`, from: '(!conversation.large || crossed)', to: '!conversation.large' },
      {
        file: `${memory}/memory-changes.ts`,
        from: 'stamp: conversation.large && changes.conversation !== null ? stamp',
        to: 'stamp: conversation.large && !crossed && changes.conversation !== null ? stamp',
      },
    ],
  },
  one(
    'limited keeps what it does not name',
    'a list that began anew',
    `${core}/conversation-list.ts`,
    'for (const [conversation] of left) this.#held.delete(conversation);',
    '',
  ),
  one(
    'no list on resuming',
    10,
    `${core}/sync-core.ts`,
    'resume(): void {\n    this.#askList();',
    'resume(): void {\n    if (this.list.cursor === null) this.#askList();',
  ),
  one('outbox lets one pass another', 100, `${core}/outbox.ts`, 'seen.add(queue);', ''),
  one('outbox forgets on reload', 100, `${core}/outbox.ts`, "this.#writes.push({ write: 'keep', item });", ''),
  one(
    'former member keeps rows',
    40,
    `${core}/sync-core.ts`,
    'if (!entry.member || before?.member === false) this.#drop(entry.conversation);',
    '',
  ),
  one('unread moved without the count', 40, `${core}/conversation-list.ts`, 'count: event.count, ', ''),
  one(
    'no check of the last id',
    'a history that went another way under the same epoch',
    `${memory}/memory-reads.ts`,
    'return !isVisible(member, check.sequence) || table.messages[check.sequence - 1]?.id === check.id;',
    'return true;',
  ),
  one(
    'entry from before a reset',
    'an entry older than the list that began anew',
    `${core}/conversation-list.ts`,
    'askedAt < this.#outdatedBefore',
    'askedAt < 0',
  ),
  one(
    'late row put into a hole',
    300,
    `${core}/conversation-log.ts`,
    'if (row === null || row.sequence <= this.top) return this.missing();',
    'if (row === null) return this.missing();\n    if (row.sequence <= this.top) {\n      if (!isIn(this.#held, row.sequence)) this.#append(row);\n      return this.missing();\n    }',
  ),
];
