import type {
  Changes,
  ChangeTarget,
  ConversationId,
  DirectoryPosition,
  InvitationAnswer,
  InvitesAnswer,
  Outline,
  Privacy,
  Rows,
  UserId,
} from '@everywire/chat';
import { checkPermission } from '@everywire/chat';
import { foldName, isGoodInvite, isMemberOf, mayInvite, outlineOf } from '@everywire/chat/internal';
import type { MemoryConversation, MemoryState, MemoryTables, PersonRow } from './memory-tables.js';

const noChoices: PersonRow = { receipts: true, blocked: new Set() };

/** Returns a person's privacy settings, or the defaults. */
export function choicesOf(tables: MemoryTables, user: UserId): PersonRow {
  return tables.people.get(user) ?? noChoices;
}

/**
 * Returns whether the two members of a direct conversation block each other. Both are `false` for any other
 * conversation.
 */
export function blocksBetween(
  tables: MemoryTables,
  user: UserId,
  target: ChangeTarget,
  table: MemoryConversation | null,
): Rows['blocks'] {
  const key = target.by === 'direct' ? target.key : (table?.conversation.directKey ?? null);
  const other = key === null ? undefined : key.find((each) => each !== user);
  if (other === undefined) return { mine: false, theirs: false };
  return { mine: choicesOf(tables, user).blocked.has(other), theirs: choicesOf(tables, other).blocked.has(user) };
}

/** Writes changed privacy settings; a no-op if there are none. */
export function writePrivacy(tables: MemoryTables, privacy: Changes['privacy']): void {
  if (privacy === undefined) return;
  const { user, receipts, block } = privacy;
  const before = choicesOf(tables, user);
  const blocked = new Set(before.blocked);
  if (block?.at === null) blocked.delete(block.user);
  else if (block !== undefined) blocked.add(block.user);
  tables.people.set(user, { receipts: receipts ?? before.receipts, blocked });
}

/** Returns a person's privacy settings, as the person sees them. */
export function readPrivacy({ tables }: MemoryState, user: UserId): Privacy {
  const { receipts, blocked } = choicesOf(tables, user);
  return { receipts, blocked: [...blocked].sort((a, b) => a - b) };
}

/** Returns the valid invites of a conversation, oldest first, to a member who may invite. */
export function readInvites({ epoch, tables }: MemoryState, user: UserId, conversation: ConversationId): InvitesAnswer {
  const table = tables.conversations.get(conversation);
  const member = table?.members.get(user)?.member;
  if (table === undefined || !isMemberOf(table.conversation, member)) return { outcome: 'not_member', epoch };
  if (checkPermission('invite', table.conversation, member) !== null) return { outcome: 'denied', epoch };
  const ordered = table.invites.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  const good = ordered.filter(({ creator }) => mayInvite(invitingIn(table, creator)));
  const invites = good.map(({ conversation: _conversation, hash: _hash, ...shown }) => shown);
  return { outcome: 'invites', epoch, invites };
}

function invitingIn({ conversation, members }: MemoryConversation, creator: UserId) {
  return { conversation, creator: members.get(creator)?.member };
}

/**
 * Returns what a person sees before joining. `hash` is that of the invite's secret; `null` without an invite, which
 * only a conversation that anyone can join accepts. `now` is in milliseconds since the epoch.
 */
export function readInvitation(
  { tables }: MemoryState,
  conversation: ConversationId,
  hash: string | null,
  now: number,
): InvitationAnswer {
  const table = tables.conversations.get(conversation);
  if (table === undefined || table.conversation.deleted) return { outcome: 'not_found' };
  const invite = table.invites.find((each) => each.hash === hash);
  const open = hash === null && table.conversation.settings.join === 'anyone';
  if (invite === undefined && !open) return { outcome: 'not_found' };
  if (invite !== undefined && !isGoodInvite(invite, now, invitingIn(table, invite.creator)))
    return { outcome: 'invite_ended' };
  return { outcome: 'invitation', outline: outlineOf(table.conversation), creator: invite?.creator ?? null };
}

/** Returns a page of the conversations that anyone can join and whose name contains the query, by name. */
export function readDirectory(
  { tables }: MemoryState,
  query: string,
  after: DirectoryPosition | null,
  limit: number,
): readonly Outline[] {
  const place = after === null ? null : ([foldName(after.name), after.conversation] as const);
  return [...tables.conversations.values()]
    .filter(({ conversation }) => !conversation.deleted && conversation.settings.join === 'anyone')
    .map((table) => ({ folded: foldName(table.conversation.name), outline: outlineOf(table.conversation) }))
    .filter(({ folded }) => folded.includes(foldName(query)))
    .sort((a, b) => compare(a.folded, b.folded) || a.outline.conversation - b.outline.conversation)
    .filter(
      ({ folded, outline }) => place === null || (compare(folded, place[0]) || outline.conversation - place[1]) > 0,
    )
    .slice(0, limit)
    .map(({ outline }) => outline);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
