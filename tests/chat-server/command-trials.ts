import { groupSettings, type Request } from '@everywire/chat';
import { mayGuest } from '@everywire/chat-server/internal';
import { type TestPerson, TestPlace, type TestPlaceOptions } from './test-place.js';
import type { Asked, TestSession } from './test-session.js';

/*
 * A table of every command, with the expected outcome for a user of every role (CH-3). Several tests try the whole table.
 * If a command is added to the protocol, this file does not compile until the table states who may use it.
 */

/** The roles: a stranger was never in the group, and a former member was removed from it. */
export const everyone = ['stranger', 'former', 'reader', 'member', 'admin', 'owner'] as const;
export type Who = (typeof everyone)[number];
/** The code of a refusal, the `outcome` of an answer, or `ok`. */
type Outcome = string;

/** A server with a group, and a user of each role with a session. */
export interface Scene {
  readonly place: TestPlace;
  /** The id of the group. */
  readonly group: number;
  /** The id of a second group with the same users in the same roles, which the trial of `delete` deletes. */
  readonly doomed: number;
  /** The ids of the users. The pawn is a member on whom others act. */
  readonly ids: Readonly<Record<Who | 'pawn', number>>;
  /** A message in the group, which only its members may read. */
  readonly secret: { readonly sequence: number; readonly id: string };
  readonly sessions: Readonly<Record<Who, TestSession>>;
  readonly people: Readonly<Record<Who, TestPerson>>;
  /** A member who was signed in and then suspended. */
  readonly suspended: TestPerson;
}

/** A request, and its expected outcome for each role. */
interface Trial {
  readonly asked: (scene: Scene) => Asked;
  readonly expected: Readonly<Record<Who, Outcome>>;
}

// Outcomes by role: `outside` for users who are not members, `inside` for members.
const outside = (stranger: Outcome, former: Outcome) => ({ stranger, former });
const inside = (outcome: Outcome) => ({ reader: outcome, member: outcome, admin: outcome, owner: outcome });
/** The text of the secret message. */
export const secretText = 'the secret of the group';
const all = (outcome: Outcome): Trial['expected'] => ({ ...outside(outcome, outcome), ...inside(outcome) });
/** Commands that all members may use. For a stranger, the conversation does not exist. */
const members = { ...outside('not_found', 'not_member'), ...inside('ok') };
/** Commands that need the right to write, which a reader lacks. */
const writers = { ...members, reader: 'denied' };
/** Commands of admins and owners. */
const admins = { ...writers, member: 'denied' };
/** Queries of the log. A stranger and a former member get the same answer. */
const readers = (outcome: Outcome): Trial['expected'] => ({
  ...outside('not_member', 'not_member'),
  ...inside(outcome),
});

/** Every command, tried in this order. */
export const trials: Readonly<Record<Request['command'], Trial>> = {
  createDirect: { asked: ({ ids }) => ({ command: 'createDirect', peer: ids.pawn }), expected: all('ok') },
  createGroup: { asked: ({ ids }) => ({ command: 'createGroup', name: 'x', users: [ids.owner] }), expected: all('ok') },
  send: { asked: ({ group }) => ({ command: 'send', conversation: group, text: 'x' }), expected: writers },
  forward: {
    asked: ({ group, secret }) => ({ command: 'forward', conversation: group, from: group, message: secret }),
    expected: writers,
  },
  edit: {
    asked: ({ group, secret }) => ({ command: 'edit', conversation: group, message: secret, base: 0, text: 'y' }),
    expected: { ...admins, admin: 'denied' },
  },
  react: {
    asked: ({ group, secret }) => ({ command: 'react', conversation: group, message: secret, emoji: '👍', set: true }),
    expected: writers,
  },
  pin: {
    asked: ({ group, secret }) => ({ command: 'pin', conversation: group, message: secret, set: true }),
    expected: writers,
  },
  versions: {
    asked: ({ group, secret }) => ({ command: 'versions', conversation: group, message: secret, before: null }),
    expected: readers('versions'),
  },
  pins: { asked: ({ group }) => ({ command: 'pins', conversation: group }), expected: readers('messages') },
  hidden: { asked: ({ group }) => ({ command: 'hidden', conversation: group, since: 0 }), expected: readers('hidden') },
  add: { asked: ({ group, ids }) => ({ command: 'add', conversation: group, users: [ids.owner] }), expected: writers },
  rename: { asked: ({ group }) => ({ command: 'rename', conversation: group, name: 'y' }), expected: writers },
  arrange: {
    asked: ({ group }) => ({ command: 'arrange', conversation: group, place: 'pinned' }),
    expected: members,
  },
  mute: { asked: ({ group }) => ({ command: 'mute', conversation: group, until: 1 }), expected: members },
  notify: { asked: ({ group }) => ({ command: 'notify', conversation: group, rule: 'none' }), expected: members },
  mark: { asked: ({ group }) => ({ command: 'mark', conversation: group, marked: true }), expected: members },
  createInvite: {
    asked: ({ group }) => ({
      command: 'createInvite',
      conversation: group,
      secret: 'a'.repeat(32),
      expiresAt: null,
      usesMax: null,
    }),
    expected: admins,
  },
  revokeInvite: {
    asked: ({ group }) => ({ command: 'revokeInvite', conversation: group, invite: '0'.repeat(16) }),
    expected: admins,
  },
  join: {
    asked: ({ group }) => ({ command: 'join', conversation: group, secret: null }),
    expected: { ...members, former: 'not_found' },
  },
  invites: {
    asked: ({ group }) => ({ command: 'invites', conversation: group }),
    expected: { ...admins, stranger: 'not_member' },
  },
  invitation: {
    asked: ({ group }) => ({ command: 'invitation', conversation: group, secret: 'b'.repeat(32) }),
    expected: all('not_found'),
  },
  directory: { asked: () => ({ command: 'directory', query: '', after: null }), expected: all('ok') },
  block: { asked: ({ ids }) => ({ command: 'block', user: ids.pawn, blocked: false }), expected: all('ok') },
  setReceipts: { asked: () => ({ command: 'setReceipts', on: true }), expected: all('ok') },
  privacy: { asked: () => ({ command: 'privacy' }), expected: all('ok') },
  createChannel: {
    asked: () => ({ command: 'createChannel', name: 'x', join: 'invited' }),
    expected: all('ok'),
  },
  createNotes: { asked: () => ({ command: 'createNotes' }), expected: all('ok') },
  setRole: {
    asked: ({ group, ids }) => ({ command: 'setRole', conversation: group, user: ids.pawn, role: 'reader' }),
    expected: admins,
  },
  configure: {
    asked: ({ group }) => ({ command: 'configure', conversation: group, settings: groupSettings }),
    expected: admins,
  },
  setPicture: {
    asked: ({ group }) => ({ command: 'setPicture', conversation: group, file: null }),
    expected: admins,
  },
  read: { asked: ({ group }) => ({ command: 'read', conversation: group, sequence: 1 }), expected: members },
  delivered: { asked: ({ group }) => ({ command: 'delivered', conversation: group, sequence: 1 }), expected: members },
  draft: { asked: ({ group }) => ({ command: 'draft', conversation: group, text: 'd', base: 0 }), expected: members },
  typing: { asked: ({ group }) => ({ command: 'typing', conversation: group, typing: true }), expected: writers },
  watch: { asked: ({ group }) => ({ command: 'watch', conversations: [group] }), expected: members },
  watchPresence: { asked: ({ ids }) => ({ command: 'watchPresence', users: [ids.owner] }), expected: all('ok') },
  present: { asked: () => ({ command: 'present', active: true }), expected: all('ok') },
  list: { asked: () => ({ command: 'list', cursor: null }), expected: all('reset') },
  listPage: { asked: () => ({ command: 'listPage', after: null }), expected: all('ok') },
  entry: { asked: ({ group }) => ({ command: 'entry', conversation: group }), expected: all('ok') },
  page: {
    asked: ({ group }) => ({ command: 'page', conversation: group, anchor: { at: 'end' }, limit: 30, check: null }),
    expected: readers('page'),
  },
  changes: {
    asked: ({ group }) => ({ command: 'changes', conversation: group, since: 0 }),
    expected: readers('changes'),
  },
  messages: {
    asked: ({ group, secret }) => ({ command: 'messages', conversation: group, names: [secret] }),
    expected: readers('messages'),
  },
  members: {
    asked: ({ group }) => ({ command: 'members', conversation: group, after: null }),
    expected: readers('members'),
  },
  readers: {
    asked: ({ group, secret }) => ({ command: 'readers', conversation: group, sequence: secret.sequence }),
    expected: readers('receipts'),
  },
  people: { asked: ({ ids }) => ({ command: 'people', ids: [ids.owner] }), expected: all('ok') },
  search: {
    asked: () => ({ command: 'search', text: 'secret', zone: 0, conversation: null, after: null }),
    expected: all('ok'),
  },
  findConversations: { asked: () => ({ command: 'findConversations', query: 'g', after: null }), expected: all('ok') },
  threads: { asked: () => ({ command: 'threads', after: null }), expected: all('ok') },
  findPeople: { asked: () => ({ command: 'findPeople', query: 'owner', after: null }), expected: all('ok') },
  // Late in the table: both remove the message, `recall` for everyone, `hide` from the member's own view.
  recall: {
    asked: ({ group, secret }) => ({ command: 'recall', conversation: group, message: secret }),
    expected: admins,
  },
  hide: {
    asked: ({ group, secret }) => ({ command: 'hide', conversation: group, messages: [secret] }),
    expected: members,
  },
  clear: { asked: ({ group }) => ({ command: 'clear', conversation: group, sequence: 1 }), expected: members },
  dismiss: {
    asked: ({ group }) => ({ command: 'dismiss', conversation: group }),
    // A former member may remove the leftover entry from their list.
    expected: { ...members, former: 'ok' },
  },
  // Last in the table: a removed member stays removed.
  remove: {
    asked: ({ group, ids }) => ({ command: 'remove', conversation: group, user: ids.pawn }),
    expected: admins,
  },
  leave: { asked: ({ group }) => ({ command: 'leave', conversation: group }), expected: members },
  delete: {
    asked: ({ doomed }) => ({ command: 'delete', conversation: doomed }),
    expected: { ...admins, admin: 'denied' },
  },
};

/** The expected outcome of each command for a guest who is a member of the group. */
export const forGuests = Object.fromEntries(
  (Object.keys(trials) as Request['command'][]).map((command) => [
    command,
    mayGuest(command) ? trials[command].expected.member : 'denied',
  ]),
) as Readonly<Record<Request['command'], Outcome>>;

/** Creates a group with a secret message, and a session for each role. */
export async function createScene(options: TestPlaceOptions = {}): Promise<Scene> {
  const place = await TestPlace.start(options);
  const people = new Map<Who | 'pawn', TestPerson>();
  for (const name of [...everyone, 'pawn'] as const)
    people.set(name, await place.register(name === 'admin' ? 'group-admin' : name));
  const of = (name: Who | 'pawn'): TestPerson => people.get(name) as TestPerson;
  const ids = Object.fromEntries([...people].map(([name, { id }]) => [name, id])) as Scene['ids'];
  const session = await place.connect(of('owner'));
  const suspended = await place.register('suspended');
  const users = [ids.former, ids.reader, ids.member, ids.admin, ids.pawn, suspended.id];
  const create = async (name: string): Promise<number> => {
    const { conversation } = await session.ok({ command: 'createGroup', name, users });
    for (const role of ['reader', 'admin'] as const)
      await session.ok({ command: 'setRole', conversation, user: ids[role], role });
    await session.ok({ command: 'remove', conversation, user: ids.former });
    return conversation;
  };
  const group = await create('Secret');
  const doomed = await create('Doomed');
  await place.store.suspendUser(suspended.id, Date.now());
  const secret = await session.ok({ command: 'send', conversation: group, text: secretText });
  const sessions = {} as Record<Who, TestSession>;
  for (const name of everyone) sessions[name] = name === 'owner' ? session : await place.connect(of(name));
  return {
    place,
    group,
    doomed,
    ids,
    secret: { sequence: secret.sequence, id: secret.id },
    sessions,
    people: Object.fromEntries(people) as Scene['people'],
    suspended,
  };
}

/**
 * Creates a scene with a guest in the group. Guests cannot read earlier messages, so the secret message is sent after the
 * guest joined.
 */
export async function createGuestScene(): Promise<{ readonly scene: Scene; readonly guest: TestPerson }> {
  const scene = await createScene();
  const { place, people, sessions, group } = scene;
  const guest = await place.guest(await place.invite(people.owner, 'guest'));
  await sessions.owner.ok({ command: 'add', conversation: group, users: [guest.id] });
  const { sequence, id } = await sessions.owner.ok({ command: 'send', conversation: group, text: secretText });
  return { scene: { ...scene, secret: { sequence, id } }, guest };
}
