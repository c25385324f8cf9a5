import type { Conversation, ConversationId, Member, UserId } from '@everywire/chat';
import { isMemberOf } from '@everywire/chat/internal';
import type { Queries } from '../database/database.js';
import { type ConversationRow, parseConversation } from './conversation-row.js';
import { type MemberRow, parseMember } from './member-row.js';

/** An open member and the conversation. */
export interface Asking {
  readonly conversation: Conversation;
  readonly member: Member;
}

/** `null` for a stranger and a former member alike (CH-3). */
export async function findOpenMember(at: Queries, user: UserId, id: ConversationId): Promise<Asking | null> {
  const [asking = null] = await findOpenMembers(at, user, [id]);
  return asking;
}

/** Of several conversations; where the user is no member, nothing is answered. */
export async function findOpenMembers(
  at: Queries,
  user: UserId,
  ids: readonly ConversationId[],
): Promise<readonly Asking[]> {
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

/** Those that there are, in no order. */
export async function findConversations(at: Queries, ids: readonly ConversationId[]): Promise<readonly Conversation[]> {
  const rows = await at.query<ConversationRow>('SELECT * FROM conversation WHERE id = ANY($1::int8[])', [ids]);
  return rows.map(parseConversation);
}

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
