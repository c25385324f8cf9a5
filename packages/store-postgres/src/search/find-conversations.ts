import type { ConversationsAnswer, Entry, Epoch, ListPosition, MemberPlace, Store } from '@everywire/chat';
import { AnswerBytes, isSearchPlace } from '@everywire/chat/internal';
import type { Queries } from '../database/database.js';
import { DELETED, directPeer } from '../log/conversation-row.js';
import { FIRST_POSITION, LISTED, placeOfPosition } from '../log/listed-sql.js';
import { PLACES } from '../log/member-row.js';

/** The cost of one conversation in units of the search budget, for reading and folding its name. */
const POSITION_COST = 5;

/**
 * $1 the user, $2 to $4 the position to start after, $5 the limit. Reads the names of the conversations in the user's
 * list, in the order of the list.
 */
const NAMED: string = `WITH ${LISTED}
  SELECT l.conversation, l.place, l.activity, l.is_open AND c.flags & ${DELETED} = 0 AS is_member, c.name, c.kind, c.direct_smaller, c.direct_larger
  FROM listed l JOIN conversation c ON c.id = l.conversation
  WHERE NOT l.off AND (-l.place, -l.activity, l.conversation) > ($2::int8, $3::int8, $4::int8)
  ORDER BY l.place DESC, l.activity DESC, l.conversation LIMIT $5::int8`;

interface NamedRow {
  readonly conversation: number;
  readonly place: number;
  readonly activity: number;
  readonly is_member: boolean;
  readonly name: Buffer;
  readonly kind: number;
  readonly direct_smaller: number | null;
  readonly direct_larger: number | null;
}

/** What a search needs besides its query. `budget` limits its work. */
interface Sources {
  readonly epoch: Epoch;
  readonly budget: number;
  readonly entriesOf: (conversations: readonly number[]) => Promise<readonly Entry[]>;
}

/**
 * Searches the names of the conversations in the user's list, in the order of the list, until enough conversations are
 * found, the list ends or the budget is used up.
 */
export async function findConversations(
  at: Queries,
  [user, place, { after, limit, bytesMax }]: Parameters<Store['findConversations']>,
  { epoch, budget, entriesOf }: Sources,
): Promise<ConversationsAnswer> {
  const most = Math.max(limit + 1, Math.ceil(budget / POSITION_COST));
  const from = after === null ? FIRST_POSITION : placeOfPosition(after);
  const rows = await at.query<NamedRow>(NAMED, [user, ...from, most]);
  const isWanted = (row: NamedRow): boolean => {
    const named = { id: row.conversation, name: row.name.toString('utf8') };
    return row.is_member && isSearchPlace(named, directPeer(row, user), [place]);
  };
  const found = rows.filter(isWanted);
  const given = found.slice(0, limit);
  const reached = found.length > limit ? given.at(-1) : rows.length < most ? undefined : rows.at(-1);
  const entries = await entriesOf(given.map(({ conversation }) => conversation));
  const bytes = new AnswerBytes(bytesMax);
  const fitting = entries.findIndex((entry) => !bytes.fits(entry));
  if (fitting === -1) return { epoch, entries, next: reached === undefined ? null : positionOf(reached) };
  return { epoch, entries: entries.slice(0, fitting), next: positionOf(given[fitting - 1] as NamedRow) };
}

function positionOf({ conversation, place, activity }: NamedRow): ListPosition {
  return { conversation, activity, place: PLACES[place + 1] as MemberPlace };
}
