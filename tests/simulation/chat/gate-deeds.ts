import type { PrivacyCommand } from '@everywire/chat';
import { command, type Place } from './message-deeds.js';
import { users } from './world-limits.js';

/** Coming in unasked, and keeping others at a distance. */
export const gateDeeds: readonly (readonly [weight: number, deed: (place: Place) => void])[] = [
  [2, inviteSomebody],
  [1, revokeSomething],
  [4, joinSomething],
  [1, (place) => choose(place, { command: 'setReceipts', id: '', on: place.world.random.chance(0.6) })],
  [2, blockSomebody],
];

/** `id` is given here. */
function choose({ world, device }: Place, choice: PrivacyCommand): void {
  device.enqueue({ ...choice, id: world.mintId(32) }, world.now);
}

function inviteSomebody(place: Place): void {
  const { random } = place.world;
  const usesMax = random.chance(0.7) ? 1 + random.below(2) : null;
  command(place, { command: 'createInvite', secret: place.world.mintId(32), expiresAt: null, usesMax });
}

function revokeSomething(place: Place): void {
  const { random, truth } = place.world;
  const invites = truth.conversations.get(place.conversation)?.invites ?? [];
  if (invites.length > 0) command(place, { command: 'revokeInvite', invite: random.pick(invites).id });
}

/** By whatever link there is or was, of whatever conversation. */
function joinSomething({ world, device }: Place): void {
  const { random, truth } = world;
  if (truth.conversations.size === 0) return;
  const [id, { invites }] = random.pick([...truth.conversations]);
  const secret = invites.length > 0 && random.chance(0.9) ? random.pick(invites).secret : null;
  command({ world, device, conversation: id }, { command: 'join', secret });
}

function blockSomebody(place: Place): void {
  const { random } = place.world;
  const others = users.filter((user) => user !== place.device.user);
  choose(place, { command: 'block', id: '', user: random.pick(others), blocked: random.chance(0.5) });
}
