import { strict as assert } from 'node:assert';
import type { Changes, Conversation, ConversationId, Member, UserId } from '@everywire/chat';
import { openPeriod } from '@everywire/chat/internal';
import { listed } from './list-place.js';
import type { Place } from './member-row.js';
import type { Tables } from './tables.js';

/** Which rows a change must stamp, and with what (CH-13). */
interface Reach {
  readonly conversation: Conversation;
  readonly countBefore: number;
  readonly stamp: number;
  readonly becameLarge: boolean;
  /** Whether the rows of all open members are stamped: if the conversation is small or is becoming large. */
  readonly openRows: boolean;
}

/**
 * Writes the result of a change, and stamps the written rows with the next stamp (a count of the changes of the store),
 * by which lists find what changed. `before` is the conversation as `decide` saw it; `open` are the places of its open
 * members if the conversation is small. The caller must run this in the savepoint of the change, so that an error or a
 * failed assertion rolls everything back.
 */
export function writeChanges(
  tables: Tables,
  before: Conversation | null,
  open: readonly Place[],
  changes: Changes,
): void {
  if (changes.privacy !== undefined) tables.privacy.write(changes.privacy);
  const conversation = changes.conversation ?? before;
  if (conversation === null && changes.privacy !== undefined) return;
  if (conversation === null) throw new assert.AssertionError({ message: 'changes without a conversation' });
  const becameLarge = conversation.large && before?.large !== true;
  const openRows = changes.conversation !== null && (!conversation.large || becameLarge);
  const countBefore = before?.count ?? 0;
  const reach: Reach = { conversation, countBefore, stamp: tables.nextStamp(), becameLarge, openRows };
  const places = placesBefore(tables, conversation.id, changes.members, openRows ? open : []);

  writeConversation(tables, before, changes.conversation, reach.stamp);
  writeMessages(tables, before?.sequence ?? 0, conversation, changes);
  writeOutsideLog(tables, conversation.id, changes);
  for (const member of changes.members) tables.members.write(member, reach.stamp, places.get(member.user) ?? null);
  if (becameLarge) tables.members.setLarge(conversation.id);
  if (openRows) tables.members.stampOpen(conversation.id, reach.stamp, conversation.activity);
  moveInLists(tables, places, changes.members, reach);
}

function moveInLists(
  tables: Tables,
  places: ReadonlyMap<UserId, Place | null>,
  written: readonly Member[],
  { conversation, countBefore, stamp, becameLarge, openRows }: Reach,
): void {
  const rows = new Map(written.map((member) => [member.user, member]));
  for (const [user, from] of places) {
    const row = rows.get(user);
    const place = row === undefined ? from : placeOf(row, stamp);
    if (place === null) continue;
    const open = place.openFrom !== null;
    const activity = openRows && open ? conversation.activity : place.activity;
    const large = place.large || (becameLarge && open);
    const to = { ...place, stamp, activity, large };
    tables.listOrder.move(conversation.id, listed(from, countBefore), listed(to, conversation.count));
  }
}

/** Writes and stamps rows of members, and changes nothing else (CH-6, CH-23). */
export function writeMembers(tables: Tables, conversation: Conversation | null, members: readonly Member[]): void {
  if (members.length === 0 || conversation === null) return;
  const { id, count } = conversation;
  const stamp = tables.nextStamp();
  for (const member of members) {
    const from = tables.members.place(id, member.user);
    tables.members.write(member, stamp, from);
    tables.listOrder.move(id, listed(from, count), listed(placeOf(member, stamp), count));
  }
}

function placesBefore(
  tables: Tables,
  conversation: ConversationId,
  given: readonly Member[],
  open: readonly Place[],
): ReadonlyMap<UserId, Place | null> {
  const places = new Map<UserId, Place | null>();
  for (const place of open) places.set(place.user, place);
  for (const { user } of given) if (!places.has(user)) places.set(user, tables.members.place(conversation, user));
  return places;
}

function writeConversation(
  tables: Tables,
  before: Conversation | null,
  after: Conversation | null,
  stamp: number,
): void {
  if (after === null) return;
  if (before === null) {
    tables.conversations.insert(after, stamp);
    return;
  }
  assert.equal(after.id, before.id, 'a change writes the conversation it locked');
  assert(after.sequence > before.sequence || after.modification > before.modification, 'CH-6: nothing was bumped');
  assert(after.large || !before.large, 'CH-13: large never falls');
  tables.conversations.update(before, after, stamp);
  if (after.picture !== before.picture) tables.files.exchange(after.id, before.picture, after.picture);
  if (after.deleted && !before.deleted) tables.erasure.begin(after.id);
}

function writeMessages(
  tables: Tables,
  headBefore: number,
  { sequence: headAfter, directKey }: Conversation,
  { append, touch }: Changes,
): void {
  let head = headBefore;
  for (const message of append) {
    head += 1;
    assert.equal(message.sequence, head, 'CH-5: a gap in the sequence');
    tables.messages.insert(message, directKey !== null);
  }
  assert.equal(head, headAfter, 'CH-5: the head is not the last message');
  for (const message of touch) {
    const held = tables.messages.get(message.conversation, message.sequence);
    assert(held !== null, 'a message was touched that does not exist');
    if (message.body.kind === 'recalled') tables.files.release(held);
    tables.messages.update(message);
    tables.search.touch(held, message, headAfter);
  }
  for (const message of append) {
    tables.mentions.write(message, false);
    tables.files.use(message);
  }
  for (const message of touch) {
    tables.mentions.write(message, true);
    if (message.body.kind === 'recalled') tables.versions.remove(message.conversation, message.sequence);
  }
  tables.search.append(append);
}

/** Writes data outside of the log. */
function writeOutsideLog(tables: Tables, conversation: ConversationId, changes: Changes): void {
  if (changes.invites !== undefined) tables.invites.write(conversation, changes.invites);
  for (const version of changes.versions) tables.versions.insert(version);
  for (const hidden of changes.hidden) tables.hidden.insert(hidden);
  for (const user of changes.unfollow) tables.threads.dropFollows(conversation, user);
  for (const follow of changes.follows) tables.threads.writeFollow(follow);
}

function placeOf(member: Member, stamp: number): Place {
  const openFrom = openPeriod(member)?.from ?? null;
  const { user, role, activity, large, place, dismissed } = member;
  return { user, role, stamp, activity, large, openFrom, place, dismissed, draftRevision: member.draft.revision };
}
