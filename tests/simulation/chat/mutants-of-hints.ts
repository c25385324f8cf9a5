import { type Mutant, mutantOf } from './mutant.js';

const server = 'packages/chat-server/src';
const hints = `${server}/hints.ts`;
const large = `${server}/large-members.ts`;

/** Defects in the publications of a node to its own users and to the other nodes (CH-17). */
export const hintMutants: readonly Mutant[] = [
  mutantOf(
    'an event for named users is published to everyone online',
    20,
    hints,
    'this.#publishTo(notice.users, notice.event, { by });',
    'this.#publishTo(this.#options.sessions.users(), notice.event, { by });',
  ),
  mutantOf(
    'an event for named users is published on one node only',
    20,
    hints,
    'this.#publishTo(notice.users, notice.event, { by });',
    "this.#publishTo(notice.users, notice.event, { by, reach: 'node' });",
  ),
  mutantOf('a commit is not sent to the other nodes', 20, hints, "this.#sendToNodes({ about: 'commit', notice });", ''),
  mutantOf(
    'a commit is not published on its own node',
    20,
    hints,
    'this.#inOrder(notice.conversation, () => this.#notifyMembers(notice.event, by));',
    '',
  ),
  mutantOf(
    'a commit from another node is not published',
    20,
    hints,
    'this.#inOrder(conversation, () => this.#notifyMembers(event, null));',
    '',
  ),
  mutantOf(
    'a commit from another node does not update the view',
    'a large conversation whose members change',
    hints,
    'const { conversation, membersBefore, event } = message.notice;\n      this.#options.views.apply(event, membersBefore);',
    'const { conversation, event } = message.notice;',
  ),
  mutantOf(
    'a commit of the own node does not update the view',
    'a large conversation whose members change',
    hints,
    "this.#options.views.apply(event, notice.to === 'members' ? notice.membersBefore : null);",
    '',
  ),
  mutantOf(
    'a commit is not published to members who may not see its row',
    100,
    hints,
    "this.#publishTo(audience.headsOnly, { ...event, row: null }, { by, reach: 'node' });",
    '',
  ),
  mutantOf(
    'receipts are not sent to the other nodes',
    20,
    hints,
    "this.#sendToNodes({ about: 'receipts', receipts: receipts.slice(from, from + RECEIPTS_PER_MESSAGE) });",
    '',
  ),
  mutantOf(
    'receipts are not published on their own node',
    20,
    hints,
    'for (const event of receipts) this.#inOrder(event.conversation, () => this.#notifyWatchers(event));',
    '',
  ),
  mutantOf(
    'receipts from another node are not published',
    60,
    hints,
    'for (const event of message.receipts) this.#inOrder(event.conversation, () => this.#notifyWatchers(event));',
    '',
  ),
  mutantOf(
    'receipts are published to former members',
    300,
    hints,
    "topicsOf(event.conversation, withRow), event, 'hint', 'node'",
    "topicsOf(event.conversation, watchers), event, 'hint', 'node'",
  ),
  mutantOf(
    'a watched conversation is not recorded',
    20,
    `${server}/run-session-command.ts`,
    'dependencies.sessions.watch(session, wanted);',
    '',
  ),
  mutantOf(
    'large members omit one candidate',
    20,
    large,
    'const others = [...users].filter((user) => !begun.includes(user));',
    'const others = [...users].filter((user) => !begun.includes(user)).slice(1);',
  ),
  mutantOf(
    'large members omit joiners',
    60,
    large,
    'for (const user of begun) if (this.#sessions.isOnline(user)) this.#add(conversation, user);',
    '',
  ),
  mutantOf(
    'large members omit people who connect',
    60,
    large,
    'for (const conversation of conversations) this.#add(conversation, user);',
    '',
  ),
  mutantOf('large members exclude members', 60, hints, 'users.filter((user) => !view.periods.has(user)),', 'users,'),
  mutantOf(
    'large members are not looked up again after a gap',
    300,
    large,
    'this.#byUser.clear();\n    this.#searched.clear();',
    'this.#byUser.clear();',
  ),
];
