import { type MemberPlace, notificationRules, type Role } from '@everywire/chat';
import { createRandom } from '@everywire/testkit';
import { Askers } from './askers.js';
import { checkQuiet } from './checks.js';
import type { Device } from './device.js';
import { gateActions } from './gate-actions.js';
import { command, messageActions, type Place, textOf } from './message-actions.js';
import { headOf } from './truth.js';
import { World } from './world.js';
import { type Faults, users } from './world-limits.js';

/** The result of one simulated run. */
export interface SeedResult {
  readonly seed: number;
  /** The violated rules of `docs/spec/chat.md`, with a description; empty if the run is correct. */
  readonly failures: readonly string[];
  /** The names of accepted commands and answered queries. */
  readonly answered: ReadonlySet<string>;
}

/**
 * Simulates one run of the chat, which the seed determines: devices of several users run some hundred commands on several
 * server nodes, with random faults. In the middle and at the end is a quiet point, at which everything in flight is
 * delivered and all states are checked. With `trace`, each step is reported in a line.
 */
export async function simulateSeed(seed: number, trace: ((line: string) => void) | null = null): Promise<SeedResult> {
  const random = createRandom(seed);
  const steps = seed % 3 === 0 ? 300 : 60 + random.below(120);
  const asking = createRandom(seed + askingSeeds);
  const world = new World({ random, asking }, faultsOf(seed), trace);
  const askers = new Askers(world);
  const restore = seed % 5 === 0 ? restorer(world, steps) : null;
  for (let step = 0; step < steps && world.failures.length === 0; step += 1) {
    act(world);
    // Steps of the network between two actions of users. More of them where answers are late.
    const networkSteps = random.below(seed % 4 === 1 ? 40 : 16);
    for (let count = 0; count < networkSteps; count += 1) await world.step();
    disturb(world, step);
    await askers.step();
    restore?.(step);
    if (step === Math.floor(steps / 2)) await checkQuiet(world);
  }
  if (world.failures.length === 0) await checkQuiet(world);
  if (world.failures.length === 0) await askers.finish();
  return { seed, failures: world.failures, answered: world.answered };
}

/** Added to the seed for the generator of queries. Greater than any seed, so both generators differ. */
const askingSeeds = 1_000_000_000;

/**
 * The most milliseconds by which the clock sometimes advances in one step, so that invitations expire and messages have
 * different times.
 */
const passingMsMax = 5 * 60_000;

/** Takes a backup and later restores it, so that everything in between is lost (CH-26). */
function restorer(world: World, steps: number): (step: number) => void {
  let backup: ReturnType<World['backup']> | null = null;
  return (step) => {
    if (step === Math.floor(steps * 0.4)) backup = world.backup();
    if (step === Math.floor(steps * 0.6) && backup !== null) world.restore(backup);
  };
}

/**
 * Returns the probabilities of faults. Most seeds lose few hints (live events). Every third seed loses half of them, so
 * that devices must fetch the changes. Every fourth seed delays answers.
 */
function faultsOf(seed: number): Faults {
  return {
    loseHint: seed % 3 === 0 ? 0.5 : 0.06,
    repeatHint: 0.05,
    crash: 0.02,
    answerPromptness: seed % 4 === 1 ? 0.12 : 1,
  };
}

/** Lets time pass, connects, disconnects and reloads devices, and lets them write to their disks, all at random. */
function disturb(world: World, step: number): void {
  const { random, asking } = world;
  if (asking.chance(0.03)) world.now += asking.below(passingMsMax);
  if (random.chance(0.05)) {
    const device = random.pick(world.devices);
    if (device.online) world.disconnect(device);
    else world.connect(device);
  }
  // At the beginning, most devices come online.
  if (step < 25) {
    for (const device of world.devices) if (!device.online && random.chance(0.3)) world.connect(device);
  }
  if (random.chance(0.1)) random.pick(world.devices).keep();
  if (random.chance(0.01)) {
    const device = random.pick(world.devices);
    device.reload();
    world.trace?.(`${device.name} reloads`);
  }
}

/** Lets the user of a random device act in a conversation that the device shows, or create one. */
function act(world: World): void {
  const { random } = world;
  const device = random.pick(world.devices);
  const known = device.core.entries().map(({ entry }) => entry.conversation);
  const roll = random.next();
  if (known.length === 0 || roll < 0.03) createSomething(world, device);
  else actIn({ world, device, conversation: random.pick(known) });
  world.settle(device);
}

/** The most conversations in a run. Few, so that much happens in each. */
const conversationsMax = 6;

function createSomething(world: World, device: Device): void {
  const { random } = world;
  if (world.created >= conversationsMax) return;
  world.created += 1;
  const others = users.filter((user) => user !== device.user);
  const id = world.mintId(32);
  const kind = random.next();
  if (kind < 0.08) device.enqueue({ command: 'createNotes', id }, world.now);
  else if (kind < 0.25)
    device.enqueue(
      { command: 'createChannel', id, name: `channel ${id.slice(-3)}`, join: random.pick(['anyone', 'invited']) },
      world.now,
    );
  else if (kind < 0.45) device.enqueue({ command: 'createDirect', id, peer: random.pick(others) }, world.now);
  else {
    const count = 1 + random.below(4);
    const chosen = Array.from({ length: count }, () => random.pick(others));
    device.enqueue(
      { command: 'createGroup', id, name: `group ${id.slice(-3)}`, users: [...new Set(chosen)] },
      world.now,
    );
  }
}

/** Deletes the conversation. Rare, because nothing happens in it afterwards. */
function deleteAtTimes(place: Place): void {
  if (place.world.random.chance(0.2)) command(place, { command: 'delete' });
}

/** Changes of the member's personal settings in a conversation, with their weights. */
const ownActions: readonly (readonly [weight: number, action: (place: Place) => void])[] = [
  [2, (place) => command(place, { command: 'arrange', place: place.world.random.pick(memberPlaces) })],
  [1, (place) => command(place, { command: 'mute', until: place.world.random.below(3) })],
  [1, (place) => command(place, { command: 'notify', rule: place.world.random.pick(notificationRules) })],
  [2, (place) => command(place, { command: 'mark', marked: place.world.random.chance(0.7) })],
  [2, clearSomething],
  [2, (place) => command(place, { command: 'dismiss' })],
];

/** Actions in a conversation. An action is chosen with a probability proportional to its weight. */
const actions: readonly (readonly [weight: number, action: (place: Place) => void])[] = [
  [28, (place) => command(place, { command: 'send', text: textOf(place) })],
  ...messageActions,
  [10, readToTheEnd],
  [3, readSomewhere],
  [1, deleteAtTimes],
  [8, (place) => command(place, { command: 'add', users: [place.world.random.pick(users)] })],
  [5, (place) => command(place, { command: 'remove', user: place.world.random.pick(users) })],
  [3, (place) => command(place, { command: 'leave' })],
  [3, (place) => command(place, { command: 'rename', name: `name ${place.world.random.below(3)}` })],
  [2, setPicture],
  [4, draftSomething],
  [6, giveRole],
  [2, configureSomething],
  ...ownActions,
  ...gateActions,
  [13, ({ device, conversation }) => device.open(conversation)],
  [4, ({ device, conversation }) => device.close(conversation)],
  [10, ({ device, conversation }) => device.core.loadOlder(conversation)],
  [3, fillFirstGap],
  [2, ({ device }) => device.core.loadMoreEntries()],
  [9, ({ device }) => device.core.resume()],
];
const weights = actions.reduce((sum, [weight]) => sum + weight, 0);

function actIn(place: Place): void {
  let left = place.world.random.below(weights);
  for (const [weight, action] of actions) {
    left -= weight;
    if (left >= 0) continue;
    action(place);
    return;
  }
}

const memberPlaces: readonly MemberPlace[] = ['pinned', 'normal', 'archived'];

/** Clears the history, mostly up to the last message that the device knows, sometimes up to an earlier or later one. */
function clearSomething(place: Place): void {
  const { device, conversation, world } = place;
  const top = device.core.topOf(conversation);
  command(place, { command: 'clear', sequence: world.random.chance(0.6) ? top : world.random.below(top + 3) });
}

/** Roles to give. `admin` is more probable. */
const roles: readonly Role[] = ['owner', 'admin', 'admin', 'member', 'reader'];

/** Gives a role to a member. Mostly attempted by users with the right to do so, so that there are admins. */
function giveRole(place: Place): void {
  const { random } = place.world;
  const own = place.device.core.entries().find(({ entry }) => entry.conversation === place.conversation)?.entry.role;
  if (own !== 'owner' && own !== 'admin' && random.chance(0.7)) return;
  command(place, { command: 'setRole', user: random.pick(users), role: random.pick(roles) });
}

function configureSomething(place: Place): void {
  const { random } = place.world;
  const who = (): 'members' | 'admins' => (random.chance(0.8) ? 'members' : 'admins');
  command(place, {
    command: 'configure',
    settings: { send: who(), add: who(), rename: who(), join: random.chance(0.6) ? 'invited' : 'anyone' },
  });
}

/** Sets one of three pictures of the group, or removes the picture. */
function setPicture(place: Place): void {
  const { random } = place.world;
  command(place, { command: 'setPicture', file: random.chance(0.3) ? null : String(random.below(3)).repeat(32) });
}

function readToTheEnd({ world, device, conversation }: Place): void {
  if (world.random.chance(0.6)) device.open(conversation);
  device.core.reading.markRead(conversation);
  device.core.tick(world.now);
}

function draftSomething({ world, device, conversation }: Place): void {
  device.core.setDraft(conversation, `draft ${world.random.below(100)}`);
  device.core.tick(world.now);
}

/** Sends a read position that our client would not send: behind, or beyond the last message. The server must clamp it. */
function readSomewhere({ world, device, conversation }: Place): void {
  const truth = world.truth.conversations.get(conversation);
  if (truth === undefined || !device.online) return;
  world.readAs(device, conversation, 1 + world.random.below(headOf(truth) + 4));
}

function fillFirstGap({ device, conversation }: Place): void {
  const gap = device.core.timeline(conversation).rows.find((row) => row.type === 'gap');
  if (gap !== undefined) device.core.fillGap(conversation, gap.low);
}
