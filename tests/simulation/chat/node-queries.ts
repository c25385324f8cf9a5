import { type ChatLimits, isSelf, parseSearch, type Query, type Store, type UserId } from '@everywire/chat';
import { foldName, seenRow } from '@everywire/chat/internal';
import { fakeHash } from '@everywire/testkit';
import type { Reply } from './server-node.js';
import { versionsMax } from './world-limits.js';

/** What people ask by themselves, beside what their devices ask to follow the log. */
export type AskedQuery = Extract<
  Query,
  {
    readonly command:
      | ('versions' | 'members' | 'threads' | 'search' | 'findConversations')
      | ('invites' | 'invitation' | 'directory' | 'privacy');
  }
>;

const asked: Readonly<Record<AskedQuery['command'], true>> = {
  ...{ versions: true, members: true, threads: true, search: true, findConversations: true },
  ...{ invites: true, invitation: true, directory: true, privacy: true },
};

export function isAsked(query: Query): query is AskedQuery {
  return Object.hasOwn(asked, query.command);
}

interface Place {
  readonly limits: ChatLimits;
  readonly users: readonly UserId[];
  readonly now: number;
}

/** As chat-server answers them. */
export async function answerAsked(store: Store, user: UserId, query: AskedQuery, place: Place): Promise<Reply> {
  const { limits, users, now } = place;
  switch (query.command) {
    case 'versions': {
      const { conversation, message, before } = query;
      return { ok: await store.versions(user, conversation, message, { before, limit: versionsMax }) };
    }
    case 'members':
      return { ok: await store.members(user, query.conversation, query.after, limits.membersPageMax) };
    case 'search':
      return answerSearch(store, user, query, place);
    case 'findConversations': {
      const found = { name: foldName(query.query), peers: called(users, query.query) };
      const page = { after: query.after, limit: limits.searchRowsMax };
      return { ok: await store.findConversations(user, found, page) };
    }
    case 'threads': {
      const { epoch, threads, next } = await store.threads(user, query.after, limits.threadsPageMax);
      const rows = threads.map(({ message, last, ...thread }) => ({
        ...thread,
        message: message === null ? null : seenRow(message),
        last: seenRow(last),
      }));
      return { ok: { epoch, threads: rows, next } };
    }
    case 'invites': {
      const answer = await store.invites(user, query.conversation);
      return answer.outcome === 'invites' ? { ok: { invites: answer.invites } } : refused(answer.outcome);
    }
    case 'invitation': {
      const hash = query.secret === null ? null : fakeHash(query.secret);
      const answer = await store.invitation(query.conversation, hash, now);
      return answer.outcome === 'invitation' ? { ok: answer.outline } : refused(answer.outcome);
    }
    case 'directory': {
      const found = await store.directory(query.query, query.after, limits.directoryPageMax + 1);
      const groups = found.slice(0, limits.directoryPageMax);
      const last = found.length > groups.length ? groups.at(-1) : undefined;
      const next = last === undefined ? null : { name: last.name, conversation: last.conversation };
      return { ok: { groups, next } };
    }
    case 'privacy':
      return { ok: await store.privacy(user) };
  }
}

async function answerSearch(
  store: Store,
  user: UserId,
  { text, zone, conversation, after }: Extract<Query, { readonly command: 'search' }>,
  { limits, users }: Place,
): Promise<Reply> {
  const parsed = parseSearch(text, zone);
  if (parsed.outcome === 'refused') return refused(parsed.code);
  const { terms, has, from, in: names, after: since, before } = parsed.query;
  const senders = from.flatMap((name) => (isSelf(name) ? [user] : called(users, name)));
  const places = names.map((name) => ({ name: foldName(name), peers: called(users, name) }));
  const { epoch, hits, next } = await store.search(user, {
    ...{ terms, has, after, from: since, until: before, limit: limits.searchRowsMax },
    senders: from.length === 0 ? null : senders,
    places: conversation !== null ? [{ conversation }] : places.length === 0 ? null : places,
  });
  return { ok: { epoch, hits: hits.map((hit) => ({ conversation: hit.conversation, row: seenRow(hit) })), next } };
}

/** Everybody's name says their number. */
function called(users: readonly UserId[], name: string): readonly UserId[] {
  return users.filter((user) => name === nameOf(user));
}

export function nameOf(user: UserId): string {
  return `p${user}`;
}

function refused(code: string): Reply {
  return { error: { code, retryable: false } };
}
