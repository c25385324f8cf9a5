import type { Answers, ConversationId, Query, UserId } from '@everywire/chat';
import type { Item, PlaceOf, Question, TrueAnswer } from './question.js';
import { isOpen, openUsers, type TrueConversation } from './truth.js';
import { isGood, mayInvite, type TrueInvite } from './truth-gates.js';
import { worldLimits } from './world-limits.js';

/** The query of that name. */
type QueryOf<Name extends Query['command']> = Extract<Query, { readonly command: Name }>;

/**
 * Returns a query for the invitations of a group, with the true (expected) answer. CH-29: only an owner or admin may see
 * them.
 */
export function askInvites(user: UserId, query: QueryOf<'invites'>): Question {
  return {
    rule: 'CH-29',
    user,
    query,
    limit: worldLimits.invitesMax,
    truth: ({ conversations }): TrueAnswer => {
      const conversation = conversations.get(query.conversation);
      const role = conversation?.members.get(user)?.role;
      if (conversation === undefined || !isOpen(conversation, user)) return { refused: 'not_member' };
      const grouped = conversation.kind === 'group' || conversation.kind === 'channel';
      if (!grouped || (role !== 'owner' && role !== 'admin')) return { refused: 'denied' };
      const known = conversation.invites.filter(({ gone, creator }) => !gone && mayInvite(conversation, creator));
      return known.map(inviteItem);
    },
    read: (ok) => ({
      items: (ok as Answers['invites']).invites.map(({ id, creator, createdAt, expiresAt, usesMax, uses }) => ({
        key: id,
        shows: () => ({ creator, createdAt, expiresAt, usesMax, uses }),
      })),
      next: null,
    }),
  };
}

function inviteItem({ id, creator, createdAt, expiresAt, usesMax, uses }: TrueInvite): Item {
  return { key: id, place: [createdAt, id], shows: () => ({ creator, createdAt, expiresAt, usesMax, uses }) };
}

/** CH-29: a query for the group that an invitation link belongs to, or for a group that is open to anyone. */
export function askInvitation(user: UserId, query: QueryOf<'invitation'>): Question {
  const { conversation: id, secret } = query;
  return {
    rule: 'CH-29',
    user,
    query,
    limit: 1,
    truth: ({ conversations }, now): TrueAnswer => {
      const conversation = conversations.get(id);
      const invite = conversation?.invites.find((each) => each.secret === secret && !each.gone);
      const open = secret === null && conversation?.settings.join === 'anyone';
      if (conversation === undefined || conversation.deletedFrom !== null || (invite === undefined && !open))
        return { refused: 'not_found' };
      if (invite !== undefined && !isGood(conversation, invite, now)) return { refused: 'invite_ended' };
      return [outlineItem(id, conversation)];
    },
    read: (ok) => {
      const { conversation, ...outline } = ok as Answers['invitation'];
      return { items: [{ key: String(conversation), shows: () => outline }], next: null };
    },
  };
}

/** Returns the expected outline: what a user who is not a member sees of a group. */
function outlineItem(id: ConversationId, conversation: TrueConversation): Item {
  const { kind, name, settings } = conversation;
  // The picture of a group that is not open is visible to its members only.
  const picture = settings.join === 'anyone' ? conversation.picture : null;
  const shows = (): unknown => ({ kind, name, picture, memberCount: openUsers(conversation).length });
  return { key: String(id), place: directoryPlace(id, conversation), shows };
}

function directoryPlace(id: ConversationId, { name }: TrueConversation): PlaceOf {
  return [name, id];
}

/** CH-29: a query for the groups that anyone may join. The answer is the same for every user. */
export function askDirectory(user: UserId, query: QueryOf<'directory'>): Question {
  return {
    rule: 'CH-29',
    user,
    query,
    limit: worldLimits.directoryPageMax,
    truth: ({ conversations }) =>
      [...conversations]
        .filter(([, { settings, deletedFrom }]) => settings.join === 'anyone' && deletedFrom === null)
        .filter(([, { name }]) => name.includes(query.query))
        .map(([id, conversation]) => outlineItem(id, conversation)),
    read: (ok) => {
      const { groups, next } = ok as Answers['directory'];
      const items = groups.map(({ conversation, ...outline }) => ({
        key: String(conversation),
        shows: () => outline,
      }));
      if (next === null) return { items, next: null };
      return { items, next: { query: { ...query, after: next }, place: [next.name, next.conversation] } };
    },
  };
}

/** CH-30: a query for the user's own privacy settings. */
export function askPrivacy(user: UserId): Question {
  return {
    rule: 'CH-30',
    user,
    query: { command: 'privacy' },
    limit: 1,
    truth: ({ silent, blocks }) => {
      const blocked = [...blocks].map((each) => each.split(' ').map(Number)).filter(([mine]) => mine === user);
      const shows = (): unknown => ({
        receipts: !silent.has(user),
        blocked: blocked.map(([, other = 0]) => other).toSorted((a, b) => a - b),
      });
      return [{ key: 'own', place: [0], shows }];
    },
    read: (ok) => {
      const { receipts, blocked } = ok as Answers['privacy'];
      return { items: [{ key: 'own', shows: () => ({ receipts, blocked }) }], next: null };
    },
  };
}
