import type { ConversationId, Departures, Membership, UserId } from '@everywire/chat';
import { isOpen } from '@everywire/chat/internal';
import type { MemoryTables } from './memory-tables.js';

/** Implements `Departures.memberships`. */
export function readMemberships(tables: MemoryTables, user: UserId): readonly Membership[] {
  return [...(tables.conversationsOf.get(user) ?? [])]
    .sort((a, b) => a - b)
    .flatMap((id) => {
      const table = tables.conversations.get(id);
      const row = table?.members.get(user);
      if (table === undefined || row === undefined || table.conversation.deleted) return [];
      return [{ conversation: id, kind: table.conversation.kind, open: isOpen(row.member) }];
    });
}

/** Implements `Departures.ownTexts`. */
export function readOwnTexts(
  tables: MemoryTables,
  of: { readonly user: UserId; readonly conversation: ConversationId; readonly after: number; readonly limit: number },
): Awaited<ReturnType<Departures['ownTexts']>> {
  const { user, conversation, after, limit } = of;
  const own = (tables.conversations.get(conversation)?.messages ?? [])
    .filter(({ sender, body, sequence }) => sender === user && body.kind === 'text' && sequence > after)
    .map(({ sequence, id }) => ({ sequence, id }));
  const texts = own.slice(0, limit);
  return { texts, next: own.length > limit ? (texts.at(-1)?.sequence ?? after) : null };
}

/** Implements `Departures.forgetUser`. */
export function forgetUser(tables: MemoryTables, user: UserId): void {
  for (const id of tables.conversationsOf.get(user) ?? []) {
    const table = tables.conversations.get(id);
    const row = table?.members.get(user);
    if (table === undefined || row === undefined) continue;
    const member = { ...row.member, draft: { ...row.member.draft, text: '' } };
    tables.conversations.set(id, {
      ...table,
      members: new Map(table.members).set(user, { ...row, member }),
      hidden: without(table.hidden, user),
      follows: without(table.follows, user),
      invites: table.invites.filter(({ creator }) => creator !== user),
    });
  }
  tables.people.delete(user);
  for (const name of tables.keys.keys()) if (name.startsWith(`${user}:`)) tables.keys.delete(name);
  for (const [other, { receipts, blocked }] of tables.people) {
    if (!blocked.has(user)) continue;
    tables.people.set(other, { receipts, blocked: new Set([...blocked].filter((each) => each !== user)) });
  }
  for (const [id, file] of tables.files) if (file.record.owner === user) tables.files.set(id, { ...file, wantedAt: 0 });
}

function without<Value>(rows: ReadonlyMap<UserId, Value>, user: UserId): ReadonlyMap<UserId, Value> {
  return new Map([...rows].filter(([each]) => each !== user));
}
