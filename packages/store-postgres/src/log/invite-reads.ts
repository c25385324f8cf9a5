import {
  type ChatLimits,
  type Conversation,
  checkPermission,
  type InvitationAnswer,
  type Invite,
  type Store,
  type UserId,
} from '@everywire/chat';
import { foldName, isGoodInvite, mayInvite, outlineOf } from '@everywire/chat/internal';
import type { Database, Queries } from '../database/database.js';
import { bytesOf } from './columns.js';
import { KINDS } from './conversation-row.js';
import { type InviteRow, parseInvite } from './invite-row.js';
import { findConversations, findMembers, findOpenMember } from './open-member.js';

type InviteReads = Pick<Store, 'invites' | 'invitation' | 'directory' | 'privacy' | 'blockedBy'>;

/**
 * Creates the reads of invitations, of the directory (the list of conversations that anyone may join) and of privacy
 * settings.
 */
export function createInviteReads(database: Database, limits: ChatLimits): InviteReads {
  return {
    invites: (user, id) =>
      database.snapshot(async (at) => {
        const asking = await findOpenMember(at, user, id);
        if (asking === null) return { outcome: 'not_member', epoch: at.epoch };
        const { conversation, member } = asking;
        if (checkPermission('invite', conversation, member) !== null) return { outcome: 'denied', epoch: at.epoch };
        const invites = await readInvites(at, id);
        const creators = await creatorsOf(at, conversation, invites);
        const good = invites.filter(({ creator }) =>
          mayInvite({ conversation, creator: creators.get(creator) ?? null }),
        );
        const ordered = good.toSorted((a, b) => a.createdAt - b.createdAt);
        const shown = ordered.map(({ conversation: _conversation, hash: _hash, ...entry }) => entry);
        return { outcome: 'invites', epoch: at.epoch, invites: shown };
      }),

    invitation: (id, hash, now) =>
      database.snapshot(async (at) => {
        const [conversation] = await findConversations(at, [id]);
        if (conversation === undefined || conversation.deleted) return { outcome: 'not_found' };
        const invite = (await readInvites(at, id)).find((each) => each.hash === hash);
        if (invite !== undefined) return byInvite(at, conversation, invite, now);
        const isOpen = hash === null && conversation.settings.join === 'anyone';
        return isOpen
          ? { outcome: 'invitation', outline: outlineOf(conversation), creator: null }
          : { outcome: 'not_found' };
      }),

    directory: async (query, after, limit) => {
      const from = bytesOf(after === null ? '' : foldName(after.name));
      const rows = await database.query<{
        id: number;
        kind: number;
        name: Buffer;
        picture: Buffer | null;
        member_count: number;
      }>(
        `SELECT id, kind, name, picture, member_count FROM conversation
         WHERE listed IS NOT NULL AND (listed, id) > ($1::bytea, $2::int8) AND position($3::bytea IN listed) > 0
         ORDER BY listed, id LIMIT $4::int8`,
        [from, after?.conversation ?? 0, bytesOf(foldName(query)), Math.min(limit, limits.directoryPageMax + 1)],
      );
      return rows.map(({ id, kind, name, picture, member_count: memberCount }) => ({
        conversation: id,
        kind: KINDS[kind] ?? 'group',
        name: name.toString('utf8'),
        picture: picture?.toString('hex') ?? null,
        memberCount,
      }));
    },

    privacy: (user) =>
      database.snapshot(async (at) => {
        const [person] = await at.query<{ receipts: boolean }>('SELECT receipts FROM person WHERE usr = $1::int8', [
          user,
        ]);
        const rows = await at.query<{ blocked: number }>(
          'SELECT blocked FROM block WHERE usr = $1::int8 ORDER BY blocked',
          [user],
        );
        return { receipts: person?.receipts ?? true, blocked: rows.map(({ blocked }) => blocked) };
      }),

    blockedBy: async (user, others) => {
      const rows = await database.query<{ usr: number }>(
        'SELECT usr FROM block WHERE blocked = $1::int8 AND usr = ANY($2::int8[])',
        [user, others],
      );
      return new Set(rows.map(({ usr }) => usr));
    },
  };
}

/**
 * Returns the outline of a conversation to a user with an invitation; `invite_ended` if the invitation is not valid.
 */
async function byInvite(
  at: Queries,
  conversation: Conversation,
  invite: Invite,
  now: number,
): Promise<InvitationAnswer> {
  const creator = (await creatorsOf(at, conversation, [invite])).get(invite.creator) ?? null;
  if (!isGoodInvite(invite, now, { conversation, creator })) return { outcome: 'invite_ended' };
  return { outcome: 'invitation', outline: outlineOf(conversation), creator: invite.creator };
}

/** Reads the invitations of a conversation, ordered by id. */
async function readInvites(at: Queries, id: number): Promise<readonly Invite[]> {
  return (await at.query<InviteRow>('SELECT * FROM invite WHERE conversation = $1::int8 ORDER BY id', [id])).map(
    parseInvite,
  );
}

/** Reads the member rows of the creators of invitations, by user. */
async function creatorsOf(at: Queries, { id }: Conversation, invites: readonly Invite[]) {
  const members = await findMembers(
    at,
    id,
    invites.map(({ creator }) => creator),
  );
  return new Map<UserId, (typeof members)[number]>(members.map((member) => [member.user, member]));
}
