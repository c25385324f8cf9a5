import type { Answers } from '@everywire/chat';
import Type, { type TProperties, type TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import * as log from './log-schemas.js';
import { person } from './rest-schemas.js';
import { exactly, hexDigits, nullable, whole } from './schema-parts.js';

/*
 * Schemas of the answers to all commands and queries. An answer is sent under `ok` in a session, and as the body by REST. The
 * schemas only describe answers; answers are not filtered by them. The compiler checks the schemas against the types of the
 * contract, and the tests check actual answers against the schemas.
 */

const { conversation, epoch, sequence } = log;
const number = whole(0);
const more = Type.Boolean();
const outcome = <Name extends string, Properties extends TProperties>(name: Name, properties: Properties) =>
  exactly({ outcome: Type.Literal(name), epoch, ...properties });

const done = exactly({});
const committed = exactly({ epoch });
const created = exactly({ conversation, epoch });
const touched = exactly({ modification: number, epoch });
const notMember = outcome('not_member', {});
const reset = outcome('reset', {});
const rows = Type.Array(log.messageRowSchema);
const messages = Type.Union([outcome('messages', { rows, head: log.head, hiddenAt: number }), notMember]);
const pins = Type.Union([
  outcome('messages', {
    rows,
    head: log.head,
    hiddenAt: number,
    more: Type.Optional(Type.Literal(true, { description: 'More messages exist than fit into one answer.' })),
  }),
  notMember,
]);

const sent = exactly({
  sequence,
  id: hexDigits(16),
  sentAt: number,
  ordinal: number,
  modification: number,
  mentions: Type.Optional(log.mentions),
  thread: Type.Optional(log.threadMark),
  files: Type.Optional(Type.Array(log.fileRef)),
  epoch,
});

const outline = exactly({
  conversation,
  kind: log.kind,
  name: Type.String(),
  picture: log.fileId,
  memberCount: number,
});

const invite = exactly({
  id: hexDigits(16),
  creator: log.user,
  createdAt: number,
  expiresAt: nullable(number),
  usesMax: nullable(number),
  uses: number,
});

/** The schema of the answer to each command and query. */
export const answerSchemas = {
  createDirect: created,
  createGroup: created,
  createChannel: created,
  createNotes: created,
  send: sent,
  forward: sent,
  edit: touched,
  recall: touched,
  react: touched,
  pin: touched,
  hide: committed,
  add: committed,
  remove: committed,
  leave: committed,
  rename: committed,
  setRole: committed,
  configure: committed,
  setPicture: committed,
  delete: committed,
  arrange: committed,
  mute: committed,
  notify: committed,
  mark: committed,
  clear: committed,
  dismiss: committed,
  createInvite: exactly({ invite: hexDigits(16), epoch }),
  revokeInvite: committed,
  join: created,
  block: committed,
  setReceipts: committed,
  read: done,
  delivered: done,
  draft: exactly({ accepted: Type.Boolean(), draft: log.draft }),
  typing: done,
  watch: done,
  watchPresence: exactly({
    presence: Type.Array(
      exactly({
        user: log.user,
        state: Type.Enum(['online', 'away']),
        lastSeenAt: nullable(whole(0, 'Milliseconds since the epoch.')),
      }),
    ),
  }),
  present: done,
  list: exactly({
    outcome: Type.Enum(['changed', 'limited', 'reset']),
    epoch,
    cursor: Type.String({ maxLength: 64, description: 'Opaque. Send it back to get the changes since.' }),
    entries: Type.Array(log.entry),
    more,
  }),
  listPage: exactly({ epoch, entries: Type.Array(log.entry), more }),
  entry: exactly({ epoch, entry: nullable(log.entry) }),
  page: Type.Union([
    outcome('page', {
      rows,
      covers: nullable(
        Type.Array(number, { minItems: 2, maxItems: 2, description: 'First and last sequence that the page covers.' }),
      ),
      damaged: Type.Optional(
        Type.Array(Type.Array(number, { minItems: 2, maxItems: 2 }), {
          description: 'First and last sequence of each range that the store cannot read.',
        }),
      ),
      head: log.head,
      hiddenAt: number,
    }),
    notMember,
    reset,
  ]),
  changes: Type.Union([outcome('changes', { since: number, rows, to: number, more }), notMember, reset]),
  messages,
  versions: Type.Union([
    outcome('versions', {
      versions: Type.Array(exactly({ modification: number, body: log.textBody, at: number })),
      more,
    }),
    notMember,
  ]),
  pins,
  hidden: Type.Union([
    outcome('hidden', { since: number, sequences: Type.Array(sequence), to: number, more }),
    notMember,
  ]),
  members: Type.Union([
    outcome('members', {
      membersAt: number,
      members: Type.Array(exactly({ user: log.user, role: log.role })),
      more,
    }),
    notMember,
  ]),
  readers: Type.Union([
    outcome('receipts', { membersAt: number, receipts: Type.Array(log.receipt) }),
    outcome('count', { count: number }),
    notMember,
  ]),
  people: exactly({ people: Type.Array(person) }),
  findPeople: exactly({ people: Type.Array(person), more }),
  search: exactly({
    epoch,
    hits: Type.Array(exactly({ conversation, row: log.messageRowSchema })),
    next: nullable(log.searchPositionSchema),
  }),
  findConversations: exactly({ epoch, entries: Type.Array(log.entry), next: nullable(log.listPosition) }),
  threads: exactly({
    epoch,
    threads: Type.Array(
      exactly({
        ...log.threadFields,
        conversation,
        message: nullable(log.messageRowSchema),
        last: log.messageRowSchema,
      }),
    ),
    next: nullable(log.searchPositionSchema),
  }),
  invites: exactly({ invites: Type.Array(invite) }),
  invitation: outline,
  directory: exactly({ groups: Type.Array(outline), next: nullable(log.directoryPosition) }),
  privacy: exactly({ receipts: Type.Boolean(), blocked: Type.Array(log.user) }),
} as const satisfies Record<keyof Answers, TSchema>;

/**
 * Returns the schema of an answer by REST. There, a query about a conversation is refused if the user is not a member,
 * so the answer `not_member` is left out.
 */
export function withoutNotMember(answer: TSchema): TSchema {
  if (!Type.IsUnion(answer)) return answer;
  const [first = answer, ...others] = answer.anyOf.filter((each) => each !== notMember);
  return others.length === 0 ? first : Type.Union([first, ...others]);
}

const validators = new Map<keyof Answers, Validator>();

/** Describes where an answer deviates from its schema; for tests. */
export function commandAnswerFaults(command: keyof Answers, body: unknown): readonly string[] {
  const validator = validators.get(command) ?? Compile(answerSchemas[command] as TSchema);
  validators.set(command, validator);
  return validator.Errors(body).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
