import type { CommandDecision } from './command-plan.js';
import type { Member, Period } from './model.js';
import type { Changes, MemberDecision, MemberRows, Rows } from './store.js';

/**
 * Returns the decision, if the rows that it would write meet the invariants. A violation is a defect of this program.
 * The command is then refused with `internal` before anything is written.
 */
export function checkDecision(rows: Rows, decision: CommandDecision): CommandDecision {
  if (decision.outcome === 'refused' || decision.changes === null) return decision;
  const invariant = brokenInvariant(rows, decision.changes);
  return invariant === null ? decision : { outcome: 'refused', code: 'internal', invariant };
}

/** Checks like `checkDecision`, for changes of read positions and drafts. */
export function checkMemberDecision<Result, Notices>(
  { conversation, member, peer }: MemberRows,
  decision: MemberDecision<Result, Notices>,
): MemberDecision<Result, Notices> {
  if (decision.outcome === 'refused') return decision;
  const known = new Map([member, peer].flatMap((row) => (row === null ? [] : [[row.user, row]])));
  const invariant = brokenMembers(decision.members, known, conversation?.sequence ?? 0);
  return invariant === null ? decision : { outcome: 'refused', code: 'internal', invariant };
}

/** Returns the invariant that is violated, in words; `null` if all are met. */
function brokenInvariant(rows: Rows, changes: Changes): string | null {
  const head = (changes.conversation ?? rows.conversation)?.sequence ?? 0;
  return brokenLog(rows, changes) ?? brokenMembers(changes.members, rows.members, head);
}

function brokenLog({ conversation, messages }: Rows, changes: Changes): string | null {
  const before = conversation ?? empty;
  const after = changes.conversation ?? before;
  return brokenHead(before, after, changes.append) ?? brokenTouch(after, messages, changes.touch);
}

function brokenHead(before: Head, after: Head, append: Changes['append']): string | null {
  if (after.sequence < before.sequence || after.modification < before.modification) return 'the head rises';
  for (const [at, { sequence }] of append.entries())
    if (sequence !== before.sequence + at + 1) return 'sequences have no gap';
  return after.sequence === before.sequence + append.length ? null : 'the head is the last sequence';
}

function brokenTouch({ modification }: Head, messages: Rows['messages'], touch: Changes['touch']): string | null {
  for (const touched of touch) {
    const known = messages.get(touched.sequence)?.modification ?? 0;
    if (touched.modification <= known || touched.modification > modification) return 'modifications rise to the head';
  }
  return null;
}

interface Head {
  readonly sequence: number;
  readonly modification: number;
}

/** The head of a conversation that does not exist yet. */
const empty: Head = { sequence: 0, modification: 0 };

/**
 * Returns the invariant that member rows violate; `null` if none. `before`: their stored rows, as far as they exist.
 * `head`: the conversation's last sequence.
 */
function brokenMembers(members: readonly Member[], before: Rows['members'], head: number): string | null {
  for (const member of members) {
    if (!areSorted(member.periods)) return 'periods are sorted and disjoint';
    const known = before.get(member.user);
    if (known !== undefined && member.revision < known.revision) return 'revisions rise';
    if (!areCursorsIn(member, known, head)) return 'cursors rise and stay below the head';
  }
  return null;
}

/** Returns whether periods (stays) are sorted and disjoint, and none but the last is open. */
function areSorted(periods: readonly Period[]): boolean {
  let last = -1;
  for (const [at, { from, to }] of periods.entries()) {
    if (from <= last || (to === null ? at < periods.length - 1 : to < from)) return false;
    last = to ?? from;
  }
  return true;
}

/** Returns whether the positions (read, shown, delivered, cleared) do not exceed the head and have not fallen. */
function areCursorsIn(member: Member, known: Member | undefined, head: number): boolean {
  const { read, shown, delivered, cleared } = member;
  if (read > head || shown > head || delivered > head || cleared > head) return false;
  if (known === undefined) return true;
  return read >= known.read && shown >= known.shown && delivered >= known.delivered && cleared >= known.cleared;
}
