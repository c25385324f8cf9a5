import type { Conversation, ConversationId, Member, UserId } from '@everywire/chat';
import { isMemberOf } from '@everywire/chat/internal';
import type { Queries } from '../database/database.js';
import { type ConversationRow, parseConversation } from './conversation-row.js';
import { type MemberRow, parseMember } from './member-row.js';

/** An open member (a current member, not a former one) with the conversation. */
export interface OpenMember {
  readonly conversation: Conversation;
  readonly member: Member;
}

/** Finds an open member; returns `null` for a stranger and a former member alike (CH-3). */
export async function findOpenMember(at: Queries, user: UserId, id: ConversationId): Promise<OpenMember | null> {
  const [asking = null] = await findOpenMembers(at, user, [id]);
  return asking;
}

/** Finds the user as an open member of several conversations; omits those that the user is not an open member of. */
export async function findOpenMembers(
  at: Queries,
  user: UserId,
  ids: readonly ConversationId[],
): Promise<readonly OpenMember[]> {
  const conversations = await findConversations(at, ids);
  const rows = await at.query<MemberRow>(
    `SELECT m.*, i.activity, i.large FROM member m JOIN inbox i ON i.conversation = m.conversation AND i.usr = m.usr
     WHERE m.usr = $1::int8 AND m.conversation = ANY($2::int8[])`,
    [user, ids],
  );
  const members = new Map(rows.map((row) => [row.conversation, parseMember(row)]));
  return conversations.flatMap((conversation) => {
    const member = members.get(conversation.id);
    return member === undefined || !isMemberOf(conversation, member) ? [] : [{ conversation, member }];
  });
}

/** Reads the conversations that exist, in no particular order. */
export async function findConversations(at: Queries, ids: readonly ConversationId[]): Promise<readonly Conversation[]> {
  const rows = await at.query<ConversationRow>('SELECT * FROM conversation WHERE id = ANY($1::int8[])', [ids]);
  return rows.map(parseConversation);
}

/** Reads the rows of current and former members of a conversation; omits users without a row. */
export async function findMembers(
  at: Queries,
  conversation: ConversationId,
  users: readonly UserId[],
): Promise<readonly Member[]> {
  const rows = await at.query<MemberRow>(
    `SELECT m.*, i.activity, i.large FROM member m JOIN inbox i ON i.conversation = m.conversation AND i.usr = m.usr
     WHERE m.conversation = $1::int8 AND m.usr = ANY($2::int8[])`,
    [conversation, users],
  );
  return rows.map(parseMember);
}
