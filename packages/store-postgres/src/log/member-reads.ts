import type { ChatLimits, Receipt, Store } from '@everywire/chat';
import { hasMet, isVisible } from '@everywire/chat/internal';
import type { Database, Queries } from '../database/database.js';
import { DELETED } from './conversation-row.js';
import { type MemberRow, parseMember, ROLES } from './member-row.js';
import { findConversations, findMembers, findOpenMember } from './open-member.js';

type MemberReads = Pick<Store, 'members' | 'periods' | 'readers' | 'largeConversations' | 'acquaintances'>;

/** $1 the conversation, $2 the limit. Reads up to where each current member has read and received messages. */
const RECEIPTS = `SELECT usr AS user, shown, shown_at AS "shownAt", delivered, delivered_at AS "deliveredAt", open_from AS "from" FROM member
  WHERE conversation = $1::int8 AND open_from IS NOT NULL ORDER BY usr LIMIT $2::int8`;

/**
 * $1 the user, $2 other users. Finds the member rows of the user and of the others in the conversations that the user
 * is a current member of. The last condition is redundant; it makes PostgreSQL use the index of `inbox` by user.
 */
const MET = `
  SELECT m.*, i.activity, i.large FROM member own
    JOIN inbox mine ON mine.conversation = own.conversation AND mine.usr = own.usr AND mine.is_open
    JOIN conversation c ON c.id = own.conversation AND c.flags & ${DELETED} = 0
    JOIN member m ON m.conversation = own.conversation AND (m.usr = $1::int8 OR m.usr = ANY($2::int8[]))
    JOIN inbox i ON i.conversation = m.conversation AND i.usr = m.usr
  WHERE own.usr = $1::int8 AND own.conversation IN (SELECT conversation FROM inbox WHERE usr = $1::int8)`;

/** Creates the reads of the members of a conversation. */
export function createMemberReads(database: Database, limits: ChatLimits): MemberReads {
  return {
    members: (user, id, after, limit) =>
      database.snapshot(async (at) => {
        const asking = await findOpenMember(at, user, id);
        if (asking === null) return { outcome: 'not_member', epoch: at.epoch };
        const size = Math.min(limit, limits.membersPageMax);
        const rows = await at.query<{ usr: number; role: number }>(
          `SELECT usr, role FROM member WHERE conversation = $1::int8 AND open_from IS NOT NULL AND usr > $2::int8 ORDER BY usr LIMIT $3::int8`,
          [id, after ?? 0, size + 1],
        );
        const members = rows.slice(0, size).map(({ usr, role }) => ({ user: usr, role: ROLES[role] ?? 'reader' }));
        return {
          outcome: 'members',
          epoch: at.epoch,
          membersAt: asking.conversation.membersAt,
          members,
          more: rows.length > size,
        };
      }),

    periods: (id, users) =>
      database.snapshot(async (at) => {
        const [conversation] = await findConversations(at, [id]);
        const members = await findMembers(at, id, users);
        const periods = new Map(members.map((member) => [member.user, member.periods]));
        return { epoch: at.epoch, membersAt: conversation?.membersAt ?? 0, periods };
      }),

    readers: (user, id, sequence) =>
      database.snapshot(async (at) => {
        const asking = await findOpenMember(at, user, id);
        if (asking === null) return { outcome: 'not_member', epoch: at.epoch };
        const { conversation, member } = asking;
        if (!conversation.large) {
          const receipts = await at.query<Receipt>(RECEIPTS, [id, limits.smallMembersMax]);
          return { outcome: 'receipts', epoch: at.epoch, membersAt: conversation.membersAt, receipts };
        }
        const mayBeSeen = sequence >= 1 && sequence <= conversation.sequence && isVisible(member, sequence);
        if (!mayBeSeen || !(await isSender(at, id, sequence, user))) return { outcome: 'not_found', epoch: at.epoch };
        const [row] = await at.query<{ count: number }>(
          `SELECT count(*) AS count FROM member WHERE conversation = $1::int8 AND usr <> $2::int8 AND open_from <= $3::int8 AND shown >= $3::int8`,
          [id, user, sequence],
        );
        return { outcome: 'count', epoch: at.epoch, count: row?.count ?? 0 };
      }),

    largeConversations: async (user) => {
      const rows = await database.query<{ conversation: number }>(
        `SELECT i.conversation FROM inbox i JOIN conversation c ON c.id = i.conversation AND c.flags & ${DELETED} = 0
         WHERE i.usr = $1::int8 AND i.large AND i.is_open ORDER BY i.conversation`,
        [user],
      );
      return rows.map(({ conversation }) => conversation);
    },

    acquaintances: (user, others) =>
      database.snapshot(async (at) => {
        const blocked = await at.query<{ blocked: number }>('SELECT blocked FROM block WHERE usr = $1::int8', [user]);
        const blocks = new Set(blocked.map((row) => row.blocked));
        const known = new Set(others.filter((other) => other === user || blocks.has(other)));
        const members = (await at.query<MemberRow>(MET, [user, others])).map(parseMember);
        const own = new Map(members.filter((row) => row.user === user).map((row) => [row.conversation, row]));
        for (const row of members) {
          const mine = own.get(row.conversation);
          if (mine !== undefined && hasMet(mine, row)) known.add(row.user);
        }
        return new Set(others.filter((other) => known.has(other)));
      }),
  };
}

/** Returns whether the user sent the message. */
async function isSender(at: Queries, id: number, sequence: number, user: number): Promise<boolean> {
  const rows = await at.query<{ sender: number }>(
    'SELECT sender FROM message WHERE conversation = $1::int8 AND sequence = $2::int8',
    [id, sequence],
  );
  return rows[0]?.sender === user;
}
