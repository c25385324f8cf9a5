import { notificationRules } from '@everywire/chat';
import Type from 'typebox';
import { exactly, hexDigits, nullable, whole } from './schema-parts.js';

/* The shapes of the log in requests and answers; `@everywire/chat` documents their meaning under the same names. */

/** Schema of a user id. */
export const user = whole(1);
/** Schema of a conversation id. */
export const conversation = whole(1);
/** Schema of a message number in a conversation; 0 precedes the first message. */
export const sequence = whole(0);
/** Schema of the id of one history of the store. */
export const epoch = hexDigits(16);
/** Schema of the number and id that identify a message in its conversation. */
export const messageName = exactly({ sequence: whole(1), id: hexDigits(16) });
/** Schema of the mentions in a message. */
export const mentions = exactly({ users: Type.Array(user), all: Type.Boolean() });
/** Schema of a conversation's section in the user's list. */
export const place = Type.Enum(['pinned', 'normal', 'archived']);
/** Schema of a user's notification rule for a conversation. */
export const notificationRule = Type.Enum([...notificationRules]);
/** Schema of a member's role. */
export const role = Type.Enum(['owner', 'admin', 'member', 'reader']);
/** Schema of the rule for joining a group. */
export const join = Type.Enum(['invited', 'anyone']);
/** Schema of the kind of a conversation. */
export const kind = Type.Enum(['direct', 'group', 'channel', 'notes']);
const members = Type.Enum(['members', 'admins']);
/** Schema of a group's permissions. */
export const settingsSchema = exactly({ send: members, add: members, rename: members, join });
/** Schema of a page position in the user's list. */
export const listPosition = exactly({ place, activity: whole(0), conversation });
/** Schema of a page position in the directory. */
export const directoryPosition = exactly({ name: Type.String(), conversation });
/** Schema of a page position in search results. */
export const searchPositionSchema = exactly({ sentAt: whole(0), conversation: whole(0), sequence: whole(0) });

/** Milliseconds since the epoch, a count, or a version. */
const number = whole(0);

/** Schema of the latest message number and modification of a conversation. */
export const head = exactly({ sequence, modification: number });
/** Schema of a draft with its revision. */
export const draft = exactly({ text: Type.String(), revision: number });

/** Schema of a file id, or `null`. */
export const fileId = nullable(hexDigits(32));

/** Schema of a file in a message. */
export const fileRef = exactly({
  id: hexDigits(32),
  name: Type.String(),
  kind: Type.Enum(['image', 'video', 'audio', 'file']),
  type: Type.String(),
  size: number,
  picture: Type.Optional(exactly({ width: number, height: number, placeholder: Type.String() })),
});

const service = Type.Union([
  exactly({ change: Type.Literal('created'), users: Type.Optional(Type.Array(user)) }),
  exactly({ change: Type.Literal('added'), users: Type.Array(user) }),
  exactly({ change: Type.Literal('removed'), users: Type.Array(user) }),
  exactly({ change: Type.Literal('joined') }),
  exactly({ change: Type.Literal('left'), owner: Type.Optional(user) }),
  exactly({ change: Type.Literal('role'), user, role }),
  exactly({ change: Type.Literal('settings'), settings: settingsSchema }),
  exactly({ change: Type.Literal('renamed'), name: Type.String() }),
  exactly({ change: Type.Literal('picture'), picture: fileId }),
  exactly({ change: Type.Literal('deleted') }),
]);

/** Schema of a text message. */
export const textBody = exactly({
  kind: Type.Literal('text'),
  text: Type.String(),
  files: Type.Optional(Type.Array(fileRef)),
});

const body = Type.Union([
  textBody,
  exactly({ kind: Type.Literal('service'), service }),
  exactly({ kind: Type.Literal('recalled'), by: user }),
]);

/** Schema of a reply's thread and its position in it. */
export const threadMark = exactly({ root: sequence, ordinal: number });

/** Schema of a message. */
export const messageRowSchema = exactly(
  {
    sequence,
    id: hexDigits(16),
    sender: user,
    commandId: hexDigits(32),
    body,
    sentAt: number,
    modification: number,
    ordinal: number,
    quote: Type.Optional(messageName),
    mentions: Type.Optional(mentions),
    thread: Type.Optional(threadMark),
    forwarded: Type.Optional(exactly({ sender: user, sentAt: number })),
    edited: Type.Optional(exactly({ at: number, modification: number, count: number })),
    pinned: Type.Optional(exactly({ by: user, at: number })),
    reactions: Type.Optional(Type.Array(exactly({ emoji: Type.String(), users: Type.Array(user) }))),
    replies: Type.Optional(number),
  },
  'A message. Empty parts are absent.',
);

const cursors = { user, shown: number, shownAt: number, delivered: number, deliveredAt: number };

/** Schema of a member's cursors, as a receipt. */
export const receipt = exactly({ ...cursors, from: number });

/** Fields of a followed thread in the user's list. */
export const threadFields = { root: sequence, unread: number, mentions: number };

/** Schema of a conversation in the user's list. */
export const entry = exactly(
  {
    conversation,
    kind,
    sequence,
    modification: number,
    revision: number,
    member: Type.Boolean(),
    ended: nullable(Type.Enum(['left', 'removed', 'deleted'])),
    role,
    name: Type.String(),
    picture: fileId,
    settings: settingsSchema,
    membersAt: number,
    memberCount: number,
    large: Type.Boolean(),
    activity: number,
    count: number,
    sent: number,
    read: number,
    readOrdinal: number,
    readSent: number,
    hidden: number,
    unread: number,
    mentions: number,
    mentionAt: nullable(number),
    threads: Type.Array(exactly(threadFields)),
    threadsUnread: number,
    pinsAt: number,
    hiddenAt: number,
    cleared: number,
    mark: Type.Boolean(),
    place,
    mute: number,
    notify: notificationRule,
    blocked: Type.Boolean(),
    dismissed: Type.Boolean(),
    draft,
    preview: nullable(messageRowSchema),
    peer: nullable(exactly(cursors)),
  },
  "A conversation in the user's list.",
);
