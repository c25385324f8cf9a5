import type { CommandDecision } from './command-plan.js';
import type { Member, Period } from './model.js';
import type { Changes, MemberDecision, MemberRows, Rows } from './store.js';

/**
 * Looks at what a decision would write: whatever the command was, some things always hold. Where one does not, a defect of this program decided so, and
 * the command is refused with `internal` before anything of it is written.
 */
export function checkDecision(rows: Rows, decision: CommandDecision): CommandDecision {
  if (decision.outcome === 'refused' || decision.changes === null) return decision;
  const invariant = brokenInvariant(rows, decision.changes);
  return invariant === null ? decision : { outcome: 'refused', code: 'internal', invariant };
}

/** The same for cursors and drafts. */
export function checkMemberDecision<Result, Tell>(
  { conversation, member, peer }: MemberRows,
  decision: MemberDecision<Result, Tell>,
): MemberDecision<Result, Tell> {
  if (decision.outcome === 'refused') return decision;
  const known = new Map([member, peer].flatMap((row) => (row === null ? [] : [[row.user, row]])));
  const invariant = brokenMembers(decision.members, known, conversation?.sequence ?? 0);
  return invariant === null ? decision : { outcome: 'refused', code: 'internal', invariant };
}

/** What does not hold, in words; `null` where everything does. */
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

/** Of a conversation that is not there yet. */
const empty: Head = { sequence: 0, modification: 0 };

/** `before`: their rows as they are, of those who have one. */
function brokenMembers(members: readonly Member[], before: Rows['members'], head: number): string | null {
  for (const member of members) {
    if (!areSorted(member.periods)) return 'periods are sorted and disjoint';
    const known = before.get(member.user);
    if (known !== undefined && member.revision < known.revision) return 'revisions rise';
    if (!areCursorsIn(member, known, head)) return 'cursors rise and stay below the head';
  }
  return null;
}

/** Only the last may be open. */
function areSorted(periods: readonly Period[]): boolean {
  let last = -1;
  for (const [at, { from, to }] of periods.entries()) {
    if (from <= last || (to === null ? at < periods.length - 1 : to < from)) return false;
    last = to ?? from;
  }
  return true;
}

function areCursorsIn(member: Member, known: Member | undefined, head: number): boolean {
  const { read, shown, delivered, cleared } = member;
  if (read > head || shown > head || delivered > head || cleared > head) return false;
  if (known === undefined) return true;
  return read >= known.read && shown >= known.shown && delivered >= known.delivered && cleared >= known.cleared;
}
