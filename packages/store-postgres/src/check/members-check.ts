import { openPeriod } from '@everywire/chat/internal';
import { type MemberRow, parseMember } from '../log/member-row.js';
import type { Findings } from './findings.js';
import type { LogCheck } from './log-check.js';

/** A row of `member`, with the columns of the same member's row of `inbox`, which are NULL if there is none. */
export interface CheckedMember extends Omit<MemberRow, 'activity' | 'large'> {
  readonly open_from: number | null;
  readonly activity: number | null;
  readonly large: boolean | null;
  readonly is_open: boolean | null;
}

/** The positions of a member, which never exceed the last message. */
const POSITIONS = ['read', 'shown', 'delivered', 'cleared'] as const;

/**
 * Checks the members of one conversation, after its log.
 *
 * - Positions are within the log and the numbers read within those sent: a position above the head hides messages to
 *   come, and unread counts would be wrong.
 * - `sent` is the ordinal of the member's last message: the next message continues from it.
 * - `open_from`, `is_open` and the periods agree on whether the user is a member: different reads use different ones.
 * - `member_count` is the number of open members: limits, and whether a group is large, depend on it.
 * - Each member has a row in `inbox`: without it, the conversation is missing from the list.
 */
export class MembersCheck {
  readonly #log: LogCheck;
  readonly #findings: Findings;
  #open = 0;

  constructor(log: LogCheck, findings: Findings) {
    this.#log = log;
    this.#findings = findings;
  }

  addMember(row: CheckedMember): void {
    const { row: conversation, sent, hasGap, isDeleted } = this.#log;
    const user = `user ${row.usr} of conversation ${row.conversation}`;
    if (row.open_from !== null) this.#open += 1;
    const openFrom = openFromOf(row);
    if (openFrom === undefined) this.#findings.add(`the membership of ${user} cannot be parsed`);
    else if (openFrom !== row.open_from) this.#findings.add(`open_from of ${user} differs from the periods`);
    if (row.is_open === null) this.#findings.add(`${user} has no row in inbox`);
    else if (row.is_open !== (row.open_from !== null))
      this.#findings.add(`is_open of ${user} differs from the membership`);
    for (const position of POSITIONS)
      if (row[position] > conversation.sequence)
        this.#findings.add(
          `${position} of ${user} is ${row[position]}, above the last message ${conversation.sequence}`,
        );
    if (row.read_ordinal > conversation.count || row.read_sent > row.sent)
      this.#findings.add(`${user} has read more messages than there are`);
    const found = sent.get(row.usr) ?? 0;
    if (!isDeleted && !hasGap && row.sent !== found)
      this.#findings.add(`${user} is recorded with ${row.sent} messages that count as unread, but sent ${found}`);
  }

  end(): void {
    const { id, member_count: recorded } = this.#log.row;
    if (recorded !== this.#open)
      this.#findings.add(`conversation ${id} is recorded with ${recorded} members, but has ${this.#open}`);
  }
}

/** Returns the start of the open period; `null` for a former member, `undefined` if the row cannot be parsed. */
function openFromOf(row: CheckedMember): number | null | undefined {
  try {
    return openPeriod(parseMember({ ...row, activity: 0, large: false }))?.from ?? null;
  } catch {
    return undefined;
  }
}
