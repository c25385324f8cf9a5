import type { ConversationId, UserId } from '@everywire/chat';
import type { Device } from './device.js';
import { askDirectory, askInvitation, askInvites, askPrivacy } from './gate-questions.js';
import { askConversations, askMembers, askReaders, askThreads, askVersions } from './log-questions.js';
import type { Question } from './question.js';
import { askSearch, type Wanted } from './search-questions.js';
import { Walk } from './walk.js';
import type { World } from './world.js';
import { users } from './world-limits.js';

/** The most queries ("walks" over the pages of an answer) in progress at the same time. */
const walksMax = 6;

/**
 * Runs random queries of people during a simulation: search, members, earlier texts and so on. A query has several
 * pages, and other things happen between them. Each page is checked against the truth, which is the expected state.
 */
export class Askers {
  readonly #world: World;
  #walks: Walk[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** Starts at most one query, and fetches the next page of some of the others. */
  async step(): Promise<void> {
    const { asking, devices } = this.#world;
    if (this.#walks.length < walksMax && asking.chance(0.6)) {
      const device = asking.pick(devices);
      const question = someQuestion(this.#world, device);
      if (question !== null) this.#walks.push(new Walk(this.#world, device, question));
    }
    for (const walk of [...this.#walks]) {
      if (asking.chance(0.4) && (await walk.goOn(this.#world)))
        this.#walks = this.#walks.filter((each) => each !== walk);
    }
  }

  /** Runs every query to its end. */
  async finish(): Promise<void> {
    for (const walk of this.#walks.splice(0)) while (!(await walk.goOn(this.#world)));
  }
}

/** The kinds of queries. A kind is chosen with a probability proportional to its weight. */
const kinds: readonly (readonly [weight: number, ask: (world: World, device: Device) => Question | null])[] = [
  [6, someVersions],
  [3, (world, { user }) => askMembers(user, { command: 'members', conversation: somewhere(world, user), after: null })],
  [6, someThreads],
  [6, (world, { user }) => askSearch(user, somethingWanted(world, user))],
  [
    2,
    (world, { user }) => askConversations(user, { command: 'findConversations', query: someName(world), after: null }),
  ],
  [1, (world, { user }) => askInvites(user, { command: 'invites', conversation: somewhere(world, user) })],
  [2, someInvitation],
  [1, (world, { user }) => askDirectory(user, { command: 'directory', query: someName(world), after: null })],
  [1, (_world, { user }) => askPrivacy(user)],
  [2, someReaders],
];
const weights = kinds.reduce((sum, [weight]) => sum + weight, 0);

/** Returns `null` if the device cannot ask such a query now, for example because it holds no message. */
function someQuestion(world: World, device: Device): Question | null {
  let left = world.asking.below(weights);
  for (const [weight, ask] of kinds) {
    left -= weight;
    if (left < 0) return ask(world, device);
  }
  return null;
}

/** Picks mostly a conversation of the user's, at times one they left or never joined. */
function somewhere({ asking, truth }: World, user: UserId): ConversationId {
  const all = [...truth.conversations];
  const own = all.filter(([, { members }]) => members.has(user));
  const from = own.length > 0 && asking.chance(0.9) ? own : all;
  return from.length === 0 ? 1 : asking.pick(from)[0];
}

/**
 * Picks a message the device holds, mostly one that was edited more than once or recalled; seldom with the id of
 * another message.
 */
function someVersions({ asking }: World, { core, user }: Device): Question | null {
  const held = (core.store()?.logs ?? []).flatMap(({ conversation, rows }) =>
    rows.map((row) => ({ conversation, row })),
  );
  const changed = held.filter(({ row }) => row.edited !== undefined || row.body.kind === 'recalled');
  const often = changed.filter(({ row }) => row.edited === undefined || row.edited.count > 1);
  const from = asking.pick([often, often, changed, changed, held]);
  if (from.length === 0) return null;
  const { conversation, row } = asking.pick(from);
  const id = asking.chance(0.9) ? row.id : asking.pick(held).row.id;
  const message = { sequence: row.sequence, id };
  return askVersions(user, { command: 'versions', conversation, message, before: null }, row);
}

/** Asks mostly for users who follow a thread. Returns `null` otherwise. */
function someThreads({ asking, truth }: World, { user }: Device): Question | null {
  const follows = [...truth.conversations.values()].some(({ members }) => (members.get(user)?.follows.size ?? 0) > 0);
  return follows || asking.chance(0.1) ? askThreads(user) : null;
}

/** Asks for the readers of a message that the device holds, mostly of one that its user sent. */
function someReaders({ asking }: World, { core, user }: Device): Question | null {
  const rows = (core.store()?.logs ?? []).flatMap((log) =>
    log.rows.map(({ sequence, sender }) => ({ conversation: log.conversation, sequence, sender })),
  );
  const own = rows.filter(({ sender }) => sender === user);
  const from = own.length > 0 && asking.chance(0.8) ? own : rows;
  if (from.length === 0) return null;
  const { conversation, sequence } = asking.pick(from);
  return askReaders(user, { command: 'readers', conversation, sequence });
}

/** Asks for an invitation that exists; at times for a group without naming an invitation. */
function someInvitation(world: World, { user }: Device): Question {
  const { asking, truth } = world;
  const invited = [...truth.conversations].filter(([, { invites }]) => invites.length > 0);
  if (invited.length === 0 || asking.chance(0.2))
    return askInvitation(user, { command: 'invitation', conversation: somewhere(world, user), secret: null });
  const [conversation, { invites }] = asking.pick(invited);
  const { secret } = asking.pick(invites);
  return askInvitation(user, { command: 'invitation', conversation, secret });
}

/** Parts of the names of conversations and users in the simulation. The empty string is part of every name. */
const names = ['', 'group', 'name', 'channel', 'name 1', 'a', ...users.map((user) => `p${user}`)];

function someName({ asking }: World): string {
  return asking.pick(names);
}

/** A search without any criterion. */
const nothing: Wanted = {
  words: [],
  phrase: null,
  from: null,
  in: null,
  link: false,
  time: null,
  conversation: null,
};

/** Picks one or several criteria, so that some searches find much, some little and some nothing. */
function somethingWanted(world: World, user: UserId): Wanted {
  const { asking, now } = world;
  const chosen = (): Partial<Wanted> =>
    asking.pick<() => Partial<Wanted>>([
      () => ({ words: [asking.pick(['text', 'te', 'edited', '1', 'https'])] }),
      () => ({ words: ['text', `${asking.pick(users)}${asking.pick(['a', 'b', ''])}`] }),
      () => ({ phrase: asking.pick(['text of', 'of 1a', 'of 2b', 'text o']) }),
      () => ({ from: asking.chance(0.4) ? 'me' : asking.pick(users) }),
      () => ({ in: asking.pick(names.filter((name) => name !== '')) }),
      () => ({ link: true }),
      () => ({ time: { which: asking.pick(['before', 'after']), minute: asking.below(1 + Math.ceil(now / 60_000)) } }),
    ])();
  const conversation = asking.chance(0.3) ? somewhere(world, user) : null;
  return { ...nothing, ...chosen(), ...(asking.chance(0.4) && chosen()), conversation };
}
