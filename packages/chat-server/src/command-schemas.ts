import type { Request } from '@everywire/chat';
import Type, { type TProperties, type TSchema } from 'typebox';

/*
 * The shape of every command and query. What is bounded by a rule of the domain (bytes of a text, users of a group) is not
 * bounded here, so that the refusal is the domain's, with the code that says why; the size of the whole text bounds memory.
 */

const whole = (minimum: number) => Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER });
const hexDigits = (digits: number) => Type.String({ pattern: `^[0-9a-f]{${digits}}$` });
const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const exactly = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

const request = <Name extends string, Properties extends TProperties>(command: Name, properties: Properties) =>
  exactly({ i: whole(0), command: Type.Literal(command), ...properties });

const keyed = <Name extends string, Properties extends TProperties>(command: Name, properties: Properties) =>
  request(command, { id: hexDigits(32), ...properties });

const user = whole(1);
const conversation = whole(1);
const sequence = whole(0);
const messageName = exactly({ sequence: whole(1), id: hexDigits(16) });
const mentions = exactly({ users: Type.Array(user), all: Type.Boolean() });

const anchor = Type.Union([
  exactly({ at: Type.Literal('end') }),
  exactly({ at: Type.Literal('before'), sequence }),
  exactly({ at: Type.Literal('after'), sequence }),
  exactly({ at: Type.Literal('around'), sequence }),
]);

const members = Type.Union([Type.Literal('members'), Type.Literal('admins')]);
const join = Type.Union([Type.Literal('invited'), Type.Literal('anyone')]);
const place = Type.Union([Type.Literal('pinned'), Type.Literal('normal'), Type.Literal('archived')]);
const role = Type.Union([Type.Literal('owner'), Type.Literal('admin'), Type.Literal('member'), Type.Literal('reader')]);

const searchPosition = exactly({ sentAt: whole(0), conversation: whole(0), sequence: whole(0) });

export const requestSchemas = {
  createDirect: keyed('createDirect', { peer: user }),
  createGroup: keyed('createGroup', { name: Type.String(), users: Type.Array(user) }),
  send: keyed('send', {
    conversation,
    text: Type.String(),
    quote: Type.Optional(messageName),
    mentions: Type.Optional(mentions),
    thread: Type.Optional(messageName),
    files: Type.Optional(Type.Array(hexDigits(32), { minItems: 1, uniqueItems: true })),
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
  directory: request('directory', { query: Type.String({ maxLength: 200 }), after: nullable(conversation) }),
  privacy: request('privacy', {}),
  createChannel: keyed('createChannel', { name: Type.String(), join }),
  createNotes: keyed('createNotes', {}),
  setRole: keyed('setRole', { conversation, user, role }),
  configure: keyed('configure', {
    conversation,
    settings: exactly({ send: members, add: members, rename: members, join }),
  }),
  delete: keyed('delete', { conversation }),
  read: request('read', { conversation, sequence, thread: Type.Optional(whole(1)) }),
  delivered: request('delivered', { conversation, sequence }),
  draft: request('draft', { conversation, text: Type.String(), base: whole(0) }),
  typing: request('typing', { conversation, typing: Type.Boolean() }),
  watch: request('watch', { conversations: Type.Array(conversation) }),
  watchPresence: request('watchPresence', { users: Type.Array(user) }),
  present: request('present', { active: Type.Boolean() }),
  list: request('list', { cursor: nullable(Type.String()) }),
  listPage: request('listPage', { after: nullable(exactly({ place, activity: whole(0), conversation })) }),
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
  readers: request('readers', { conversation, sequence: whole(1) }),
  people: request('people', { ids: Type.Array(user) }),
  search: request('search', {
    text: Type.String(),
    zone: Type.Integer({ minimum: -1_440, maximum: 1_440 }),
    conversation: nullable(conversation),
    after: nullable(searchPosition),
  }),
  findConversations: request('findConversations', {
    query: Type.String({ maxLength: 200 }),
    after: nullable(exactly({ place, activity: whole(0), conversation })),
  }),
  threads: request('threads', { after: nullable(searchPosition) }),
  findPeople: request('findPeople', { query: Type.String({ maxLength: 200 }), after: nullable(user) }),
} as const satisfies Record<Request['command'], TSchema>;
