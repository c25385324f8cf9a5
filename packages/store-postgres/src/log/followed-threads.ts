import type { ChatLimits, Follow, FollowedThreadAnswer, Message, Store } from '@everywire/chat';
import { isVisible, searchPosition, takeFitting, threadEntry } from '@everywire/chat/internal';
import type { Database, Queries } from '../database/database.js';
import { readAbove } from './entries.js';
import { type FollowRow, parseFollow } from './follow-row.js';
import { findOpenMember, type OpenMember } from './open-member.js';
import { readMessages, seenBy } from './seen-messages.js';
import { IS_SEEN, OPEN_STAYS } from './seen-sql.js';

/**
 * $1 the user; $2 to $4 the position after which the page begins; $5 the limit. Finds the newest visible reply of each
 * thread that the user follows. `m.root IS NOT NULL` follows from `m.root = f.root`; PostgreSQL needs it to use the
 * partial index `message_thread`.
 */
const FOLLOWED: string = `
  SELECT f.*, coalesce(root.replies, 0) AS count, last.sequence AS last_sequence
  FROM ${OPEN_STAYS}
    JOIN follow f ON f.conversation = p.conversation AND f.usr = p.usr
    JOIN message root ON root.conversation = f.conversation AND root.sequence = f.root
    CROSS JOIN LATERAL (
      SELECT m.sequence, m.sent_at FROM message m WHERE m.conversation = f.conversation AND m.root = f.root AND m.root IS NOT NULL AND ${IS_SEEN}
      ORDER BY m.sequence DESC LIMIT 1
    ) AS last
  WHERE i.usr = $1::int8 AND i.is_open AND (last.sent_at, f.conversation, last.sequence) < ($2::int8, $3::int8, $4::int8)
  ORDER BY last.sent_at DESC, f.conversation DESC, last.sequence DESC LIMIT $5::int8`;

type FollowedRow = FollowRow & { readonly count: number; readonly last_sequence: number };

interface Followed {
  readonly follow: Follow;
  /** The number of replies. */
  readonly count: number;
  /** The sequence of the newest visible reply. */
  readonly last: number;
}

/** The position before the first page. */
const NEWEST = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const;

/** Creates the reads of the threads that a user follows, those with the newest replies first. */
export function createFollowedThreads(database: Database, limits: ChatLimits): Pick<Store, 'threads'> {
  return {
    threads: (user, after, limit, bytesMax) =>
      database.snapshot(async (at) => {
        const place = after === null ? NEWEST : [after.sentAt, after.conversation, after.sequence];
        const rows = await at.query<FollowedRow>(FOLLOWED, [user, ...place, limit + 1]);
        const followed = rows
          .slice(0, limit)
          .map((row): Followed => ({ follow: parseFollow(row), count: row.count, last: row.last_sequence }));
        const threads = takeFitting(await showAll(at, user, followed, limits), bytesMax);
        const last = threads.at(-1);
        const next = last === undefined || rows.length === threads.length ? null : searchPosition(last.last);
        return { epoch: at.epoch, threads, next };
      }),
  };
}

async function showAll(
  at: Queries,
  user: number,
  followed: readonly Followed[],
  { mentionsShownMax }: ChatLimits,
): Promise<readonly FollowedThreadAnswer[]> {
  const above = await readAbove(
    at,
    user,
    followed.map(({ follow }) => follow),
    mentionsShownMax + 1,
  );
  const askings = new Map<number, OpenMember | null>();
  const shown: FollowedThreadAnswer[] = [];
  for (const { follow, count, last } of followed) {
    const { conversation, root } = follow;
    const asking = askings.get(conversation) ?? (await findOpenMember(at, user, conversation));
    askings.set(conversation, asking);
    if (asking === null) continue;
    const found = await readMessages(at, conversation, [root, last]);
    const [message] = await seenRoot(at, asking, found.get(root));
    const newest = found.get(last);
    if (newest === undefined) continue;
    const { hidden, mentions } = above(conversation, root);
    shown.push({
      ...threadEntry({ follow, count, hidden, mentions: mentions.length }),
      conversation,
      message: message ?? null,
      last: newest,
    });
  }
  return shown;
}

/** Returns the root of a thread as a list of one; an empty list if the member does not see the root. */
function seenRoot(at: Queries, asking: OpenMember, root: Message | undefined): Promise<readonly Message[]> {
  return root !== undefined && isVisible(asking.member, root.sequence)
    ? seenBy(at, asking, [root])
    : Promise.resolve([]);
}
