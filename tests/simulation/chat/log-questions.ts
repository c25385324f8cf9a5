import type { Answers, ConversationId, MessageRow, Query, SearchPosition, UserId } from '@everywire/chat';
import { messageAsSeen, rowAsSeen } from './check-logs.js';
import type { Item, PlaceOf, Question, TrueAnswer } from './question.js';
import { nameOf } from './server-node.js';
import { isOpen, openUsers, type TrueConversation, type Truth, visible } from './truth.js';
import { followedBy, messageAt, readersOf, shownTo } from './truth-messages.js';
import { isDismissed } from './truth-own.js';
import { users, versionsMax, worldLimits } from './world-limits.js';

/** The query of that name. */
type QueryOf<Name extends Query['command']> = Extract<Query, { readonly command: Name }>;

const notMember: TrueAnswer = { refused: 'not_member' };

/** Returns the true answer for a member of the conversation, and the refusal `not_member` for any other user. */
function inside(
  truth: Truth,
  user: UserId,
  id: ConversationId,
  answer: (conversation: TrueConversation) => TrueAnswer,
): TrueAnswer {
  const conversation = truth.conversations.get(id);
  return conversation !== undefined && isOpen(conversation, user) ? answer(conversation) : notMember;
}

/**
 * Returns a query for the earlier texts of a message, with the true (expected) answer. `row` is the message as the device
 * holds it. If the query names the message with a wrong id, no text is found.
 */
export function askVersions(user: UserId, query: QueryOf<'versions'>, row: MessageRow): Question {
  const { conversation: id, message } = query;
  return {
    rule: 'CH-6',
    user,
    query,
    limit: versionsMax,
    truth: (truth) =>
      inside(truth, user, id, (conversation) => {
        const held = conversation.messages[message.sequence - 1];
        const same = held?.commandId === row.commandId && held.sender === row.sender && message.id === row.id;
        if (!same || !visible(conversation, user).includes(message.sequence)) return [];
        return held.versions.map(({ text, modification }) => ({
          key: String(modification),
          place: [-modification],
          shows: () => text,
        }));
      }),
    read: (ok) => {
      const { versions, more } = ok as Extract<Answers['versions'], { readonly outcome: 'versions' }>;
      const items = versions.map(({ modification, body }) => ({
        key: String(modification),
        shows: () => (body.kind === 'text' ? body.text : null),
      }));
      const last = versions.at(-1)?.modification ?? 0;
      return { items, next: more ? { query: { ...query, before: last }, place: [-last] } : null };
    },
  };
}

/** CH-17: a query for the members. The answer includes the sequence of the latest change of membership or roles. */
export function askMembers(user: UserId, query: QueryOf<'members'>): Question {
  return {
    rule: 'CH-17',
    user,
    query,
    limit: worldLimits.membersPageMax,
    truth: (truth) =>
      inside(truth, user, query.conversation, (conversation) => {
        const changes = [...conversation.members.values()].flatMap(({ periods }) =>
          periods.map(({ from, to }) => to ?? from),
        );
        const membersAt = Math.max(conversation.rolesAt, ...changes);
        return openUsers(conversation).map((member) => ({
          key: String(member),
          place: [member],
          shows: () => ({ role: conversation.members.get(member)?.role, membersAt }),
        }));
      }),
    read: (ok) => {
      const { members, membersAt, more } = ok as Extract<Answers['members'], { readonly outcome: 'members' }>;
      const items = members.map(({ user: member, role }) => ({
        key: String(member),
        shows: () => ({ role, membersAt }),
      }));
      const last = members.at(-1)?.user ?? 0;
      return { items, next: more ? { query: { ...query, after: last }, place: [last] } : null };
    },
  };
}

/** CH-23: a query for the readers of a message: for each member in a small conversation, and a count in a large one. */
export function askReaders(user: UserId, query: QueryOf<'readers'>): Question {
  const { conversation: id, sequence } = query;
  return {
    rule: 'CH-23',
    user,
    query,
    limit: worldLimits.smallMembersMax,
    truth: (truth) =>
      inside(truth, user, id, (conversation) => {
        if (!conversation.large) {
          return openUsers(conversation).map((member) => {
            const { shown, delivered, periods } = conversation.members.get(member) ?? {};
            const receipt = { shown, delivered, from: periods?.at(-1)?.from };
            return { key: String(member), place: [member], shows: () => receipt };
          });
        }
        const own = conversation.messages[sequence - 1]?.sender === user;
        if (!own || !visible(conversation, user).includes(sequence)) return { refused: 'not_found' };
        return [{ key: 'count', place: [0], shows: () => readersOf(conversation, user, sequence) }];
      }),
    read: (ok) => {
      const answer = ok as Exclude<Answers['readers'], { readonly outcome: 'not_member' }>;
      if (answer.outcome === 'count') return { items: [{ key: 'count', shows: () => answer.count }], next: null };
      const items = answer.receipts.map(({ user: member, shown, delivered, from }) => ({
        key: String(member),
        shows: () => ({ shown, delivered, from }),
      }));
      return { items, next: null };
    },
  };
}

/** CH-35: a query for the threads that the user follows. */
export function askThreads(user: UserId): Question {
  return {
    rule: 'CH-35',
    user,
    query: { command: 'threads', after: null },
    limit: worldLimits.threadsPageMax,
    truth: (truth) => openOf(truth, user).flatMap(([id, conversation]) => threadsIn(id, conversation, user)),
    read: (ok) => {
      const { threads, next } = ok as Answers['threads'];
      const items = threads.map(({ conversation, root, message, last, unread, mentions }) => ({
        key: `${conversation}/${root}`,
        shows: () => ({
          unread,
          mentions,
          message: message && rowAsSeen(message),
          last: [last.sequence, rowAsSeen(last)],
        }),
      }));
      return { items, next: next && { query: { command: 'threads', after: next }, place: placeOf(next) } };
    },
  };
}

function threadsIn(id: ConversationId, conversation: TrueConversation, user: UserId): readonly Item[] {
  const seen = shownTo(conversation, user);
  return followedBy(conversation, user).flatMap(({ root, unread, mentions }): readonly Item[] => {
    const last = seen.findLast((sequence) => messageAt(conversation, sequence).root === root);
    if (last === undefined) return [];
    const { sentAt } = messageAt(conversation, last);
    return [
      {
        key: `${id}/${root}`,
        place: placeOf({ conversation: id, sentAt, sequence: last }),
        shows: () => ({
          unread,
          mentions,
          message: seen.includes(root) ? messageAsSeen(conversation, user, root) : null,
          last: [last, messageAsSeen(conversation, user, last)],
        }),
      },
    ];
  });
}

/** CH-33: a query for conversations by name. CH-24: in the order of the list, and only listed conversations. */
export function askConversations(user: UserId, query: QueryOf<'findConversations'>): Question {
  return {
    rule: 'CH-33',
    user,
    query,
    limit: worldLimits.searchRowsMax,
    truth: (truth) =>
      openOf(truth, user)
        .filter(([, conversation]) => isCalled(conversation, user, query.query))
        .filter(([, conversation]) => !isDismissed(conversation, user, true))
        .map(([id, conversation]) => {
          const { place } = conversation.members.get(user)?.own ?? { place: 'normal' };
          const { name, activity } = conversation;
          return { key: String(id), place: listPlace(place, activity, id), shows: () => ({ name, activity }) };
        }),
    read: (ok) => {
      const { entries, next } = ok as Answers['findConversations'];
      const items = entries.map(({ conversation, name, activity }) => ({
        key: String(conversation),
        shows: () => ({ name, activity }),
      }));
      if (next === null) return { items, next };
      return {
        items,
        next: { query: { ...query, after: next }, place: listPlace(next.place, next.activity, next.conversation) },
      };
    },
  };
}

/** The position in a conversation list: pinned first, then the latest activity. */
function listPlace(place: string, activity: number, id: ConversationId): PlaceOf {
  return [['pinned', 'normal', 'archived'].indexOf(place), -activity, id];
}

/** Returns the conversations of which the user is a member. */
export function openOf(
  { conversations }: Truth,
  user: UserId,
): readonly (readonly [ConversationId, TrueConversation])[] {
  return [...conversations].filter(([, conversation]) => isOpen(conversation, user));
}

/**
 * Returns whether a search for a conversation name finds this one. A group has the searched text in its name. A direct
 * conversation has it in the name of the other member; if some user has exactly that name, only that user matches.
 */
export function isCalled({ kind, name, members }: TrueConversation, user: UserId, wanted: string): boolean {
  if (kind !== 'direct') return name !== '' && name.includes(wanted);
  const exact = users.some((each) => nameOf(each) === wanted);
  const isMeant = (other: UserId): boolean => (exact ? nameOf(other) === wanted : nameOf(other).includes(wanted));
  return [...members.keys()].some((other) => other !== user && isMeant(other));
}

/** The position in a list of messages: the latest first. */
export function placeOf({ sentAt, conversation, sequence }: SearchPosition): PlaceOf {
  return [-sentAt, -conversation, -sequence];
}
