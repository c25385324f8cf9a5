import type { Epoch, MemberChangeOutcome } from '@everywire/chat';
import { GroupLane, type Ran } from './group-lane.js';
import { type AnyMemberChange, loadMembersOf, MemberGroupRows } from './load-members.js';
import type { GroupOptions } from './run-group.js';
import { memberWritesOf } from './write-members.js';

type AnyMemberOutcome = MemberChangeOutcome<unknown, unknown>;
/** A lane (one connection that runs changes in groups) for changes of members' own rows. */
export type MemberLane = GroupLane<AnyMemberChange, AnyMemberOutcome>;

/**
 * Creates the lane for changes of members. Such a change locks the rows of the members, but not the conversation, so
 * that it does not wait for sends (CH-23). These changes have no command keys: the lane may retry them, because each of
 * them is idempotent.
 */
export function createMemberLane(options: GroupOptions): MemberLane {
  return new GroupLane({
    ...options,
    foundAs: 'committed',
    take: (waiting, most) => new Set(waiting.slice(0, most)),
    decide: async (connection, group) => {
      const transaction = await connection.begin(loadMembersOf(group));
      const rows = new MemberGroupRows(transaction.answers);
      const ran = group.map((change, at) => run(change, at, rows, transaction.epoch));
      const { members, follows } = rows.written;
      const isIdle = members.length + follows.length === 0;
      return { transaction, ran, writes: isIdle ? [] : memberWritesOf(members, follows, options.followsMax) };
    },
  });
}

function run(change: AnyMemberChange, at: number, rows: MemberGroupRows, epoch: Epoch): Ran<AnyMemberOutcome> {
  if (!rows.isActive(change.user)) return { outcome: { outcome: 'refused', code: 'not_found' } };
  try {
    const decision = change.decide(rows.of(change, at, epoch));
    if (decision.outcome === 'refused') return { outcome: decision };
    rows.write(decision.members, decision.follow);
    return { outcome: { outcome: 'committed', epoch, result: decision.result, notices: decision.notices } };
  } catch (error) {
    return { thrown: error };
  }
}
