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
  const [conversation] = await findConversations(at, [id]);
  const [member] = await findMembers(at, id, [user]);
  if (conversation === undefined || member === undefined || !isMemberOf(conversation, member)) return null;
  return { conversation, member };
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
