import type { Request } from '@everywire/chat';
import Type, { type TProperties, type TSchema } from 'typebox';
import {
  conversation,
  directoryPosition,
  join,
  listPosition,
  mentions,
  messageName,
  notificationRule,
  place,
  role,
  searchPositionSchema,
  sequence,
  settingsSchema,
  user,
} from './log-schemas.js';
import { exactly, hexDigits, nullable, whole } from './schema-parts.js';

/*
 * Schemas of all commands and queries. The schemas do not contain limits of the domain (bytes of a text, users of a group). The
 * domain checks these limits itself and refuses with a code that states the reason. Memory is bounded because the size of the
 * whole request is.
 */

const request = <Name extends string, Properties extends TProperties>(command: Name, properties: Properties) =>
  exactly({ i: whole(0), command: Type.Literal(command), ...properties });

const keyed = <Name extends string, Properties extends TProperties>(command: Name, properties: Properties) =>
  request(command, { id: hexDigits(32), ...properties });

const anchor = Type.Union([
  exactly({ at: Type.Literal('end') }),
  exactly({ at: Type.Literal('before'), sequence }),
  exactly({ at: Type.Literal('after'), sequence }),
  exactly({ at: Type.Literal('around'), sequence }),
]);

/** The schema of each command and query. */
export const requestSchemas = {
  createDirect: keyed('createDirect', { peer: user, begins: Type.Optional(Type.Enum(['message', 'never'])) }),
  createGroup: keyed('createGroup', { name: Type.String(), users: Type.Array(user) }),
  send: keyed('send', {
    conversation,
    text: Type.String(),
    quote: Type.Optional(messageName),
    mentions: Type.Optional(mentions),
    thread: Type.Optional(messageName),
    files: Type.Optional(Type.Array(hexDigits(32), { minItems: 1, uniqueItems: true })),
    draft: Type.Optional(whole(0)),
  }),
  forward: keyed('forward', { conversation, from: conversation, message: messageName }),
  edit: keyed('edit', {
    conversation,
    message: messageName,
    base: whole(0),
    text: Type.String(),
    mentions: Type.Optional(mentions),
  }),
  recall: keyed('recall', { conversation, message: messageName }),
  react: keyed('react', { conversation, message: messageName, emoji: Type.String(), set: Type.Boolean() }),
  pin: keyed('pin', { conversation, message: messageName, set: Type.Boolean() }),
  hide: keyed('hide', { conversation, messages: Type.Array(messageName) }),
  add: keyed('add', { conversation, users: Type.Array(user) }),
  remove: keyed('remove', { conversation, user }),
  leave: keyed('leave', { conversation }),
  rename: keyed('rename', { conversation, name: Type.String() }),
  arrange: keyed('arrange', { conversation, place }),
  mute: keyed('mute', { conversation, until: whole(0) }),
  notify: keyed('notify', { conversation, rule: notificationRule }),
  mark: keyed('mark', { conversation, marked: Type.Boolean() }),
  clear: keyed('clear', { conversation, sequence }),
  dismiss: keyed('dismiss', { conversation }),
  createInvite: keyed('createInvite', {
    conversation,
    secret: hexDigits(32),
    expiresAt: nullable(whole(1)),
    usesMax: nullable(whole(1)),
  }),
  revokeInvite: keyed('revokeInvite', { conversation, invite: hexDigits(16) }),
  join: keyed('join', { conversation, secret: nullable(hexDigits(32)) }),
  block: keyed('block', { user, blocked: Type.Boolean() }),
  setReceipts: keyed('setReceipts', { on: Type.Boolean() }),
  invites: request('invites', { conversation }),
  invitation: request('invitation', { conversation, secret: nullable(hexDigits(32)) }),
  directory: request('directory', { query: Type.String({ maxLength: 200 }), after: nullable(directoryPosition) }),
  privacy: request('privacy', {}),
  createChannel: keyed('createChannel', { name: Type.String(), join }),
  createNotes: keyed('createNotes', {}),
  setRole: keyed('setRole', { conversation, user, role }),
  configure: keyed('configure', {
    conversation,
    settings: settingsSchema,
  }),
  setPicture: keyed('setPicture', { conversation, file: nullable(hexDigits(32)) }),
  delete: keyed('delete', { conversation }),
  read: request('read', { conversation, sequence, thread: Type.Optional(whole(1)) }),
  delivered: request('delivered', { conversation, sequence }),
  draft: request('draft', { conversation, text: Type.String(), base: whole(0) }),
  typing: request('typing', { conversation, typing: Type.Boolean() }),
  watch: request('watch', { conversations: Type.Array(conversation) }),
  watchPresence: request('watchPresence', { users: Type.Array(user) }),
  present: request('present', { active: Type.Boolean() }),
  list: request('list', { cursor: nullable(Type.String()) }),
  listPage: request('listPage', { after: nullable(listPosition) }),
  entry: request('entry', { conversation }),
  page: request('page', {
    conversation,
    anchor,
    limit: whole(1),
    check: nullable(messageName),
    thread: Type.Optional(whole(1)),
  }),
  changes: request('changes', { conversation, since: whole(0) }),
  messages: request('messages', { conversation, names: Type.Array(messageName) }),
  versions: request('versions', { conversation, message: messageName, before: nullable(whole(0)) }),
  pins: request('pins', { conversation }),
  hidden: request('hidden', { conversation, since: whole(0) }),
  members: request('members', { conversation, after: nullable(user) }),
  // 0 denotes no message, because a small group has one set of receipts for all its messages.
  readers: request('readers', { conversation, sequence: whole(0) }),
  people: request('people', { ids: Type.Array(user) }),
  search: request('search', {
    text: Type.String(),
    zone: Type.Integer({ minimum: -1_440, maximum: 1_440 }),
    conversation: nullable(conversation),
    after: nullable(searchPositionSchema),
  }),
  findConversations: request('findConversations', {
    query: Type.String({ maxLength: 200 }),
    after: nullable(listPosition),
  }),
  threads: request('threads', { after: nullable(searchPositionSchema) }),
  findPeople: request('findPeople', { query: Type.String({ maxLength: 200 }), after: nullable(user) }),
} as const satisfies Record<Request['command'], TSchema>;
