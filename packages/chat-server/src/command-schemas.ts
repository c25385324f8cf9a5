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

const anchor = Type.Union([
  exactly({ at: Type.Literal('end') }),
  exactly({ at: Type.Literal('before'), sequence }),
  exactly({ at: Type.Literal('after'), sequence }),
  exactly({ at: Type.Literal('around'), sequence }),
]);

export const requestSchemas = {
  createDirect: keyed('createDirect', { peer: user }),
  createGroup: keyed('createGroup', { name: Type.String(), users: Type.Array(user) }),
  send: keyed('send', { conversation, text: Type.String() }),
  add: keyed('add', { conversation, users: Type.Array(user) }),
  remove: keyed('remove', { conversation, user }),
  leave: keyed('leave', { conversation }),
  rename: keyed('rename', { conversation, name: Type.String() }),
  read: request('read', { conversation, sequence }),
  delivered: request('delivered', { conversation, sequence }),
  draft: request('draft', { conversation, text: Type.String(), base: whole(0) }),
  typing: request('typing', { conversation, typing: Type.Boolean() }),
  watch: request('watch', { conversations: Type.Array(conversation) }),
  watchPresence: request('watchPresence', { users: Type.Array(user) }),
  present: request('present', { active: Type.Boolean() }),
  list: request('list', { cursor: nullable(Type.String()) }),
  listPage: request('listPage', { after: nullable(exactly({ activity: whole(0), conversation })) }),
  entry: request('entry', { conversation }),
  page: request('page', { conversation, anchor, limit: whole(1), check: nullable(messageName) }),
  changes: request('changes', { conversation, since: whole(0) }),
  messages: request('messages', { conversation, names: Type.Array(messageName) }),
  members: request('members', { conversation, after: nullable(user) }),
  readers: request('readers', { conversation, sequence: whole(1) }),
  people: request('people', { ids: Type.Array(user) }),
  findPeople: request('findPeople', { query: Type.String({ maxLength: 200 }), after: nullable(user) }),
} as const satisfies Record<Request['command'], TSchema>;
