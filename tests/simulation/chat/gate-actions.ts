import type { PrivacyCommand } from '@everywire/chat';
import { command, type Place } from './message-actions.js';
import { users } from './world-limits.js';

/** Longest life of an invitation, in milliseconds. Short, so that many invitations expire before they are used up. */
const inviteMsMax = 10 * 60_000;

/**
 * Actions that concern who may enter and who may write: invitations, joining, and blocking. An action is chosen with a
 * probability proportional to its weight. A `Place` is the device and the conversation of the acting user.
 */
export const gateActions: readonly (readonly [weight: number, action: (place: Place) => void])[] = [
  [4, inviteSomebody],
  [2, revokeSomething],
  [4, joinSomething],
  [1, (place) => choose(place, { command: 'setReceipts', id: '', on: place.world.random.chance(0.6) })],
  [2, blockSomebody],
];

/** Enters the command into the outbox of the device, with a new id. */
function choose({ world, device }: Place, choice: PrivacyCommand): void {
  device.enqueue({ ...choice, id: world.mintId(32) }, world.now);
}

function inviteSomebody(place: Place): void {
  const { random, asking, now } = place.world;
  const usesMax = random.chance(0.7) ? 1 + random.below(2) : null;
  const expiresAt = asking.chance(0.6) ? now + 1 + asking.below(inviteMsMax) : null;
  command(place, { command: 'createInvite', secret: place.world.mintId(32), expiresAt, usesMax });
}

function revokeSomething(place: Place): void {
  const { random, truth } = place.world;
  const invites = truth.conversations.get(place.conversation)?.invites ?? [];
  if (invites.length > 0) command(place, { command: 'revokeInvite', invite: random.pick(invites).id });
}

/** Joins by a valid or former link of any conversation. */
function joinSomething({ world, device }: Place): void {
  const { random, truth } = world;
  if (truth.conversations.size === 0) return;
  const [id, { invites }] = random.pick([...truth.conversations]);
  const secret = invites.length > 0 && random.chance(0.9) ? random.pick(invites).secret : null;
  command({ world, device, conversation: id }, { command: 'join', secret });
}

/** Half of the blocked people are unblocked again. */
function blockSomebody(place: Place): void {
  const { random, asking, truth } = place.world;
  const others = users.filter((user) => user !== place.device.user);
  const [user, blocked] = [random.pick(others), random.chance(0.5)];
  const known = others.filter((other) => truth.blocks.has(`${place.device.user} ${other}`));
  const freed = known.length > 0 && asking.chance(0.5);
  choose(place, {
    command: 'block',
    id: '',
    ...(freed ? { user: asking.pick(known), blocked: false } : { user, blocked }),
  });
}
