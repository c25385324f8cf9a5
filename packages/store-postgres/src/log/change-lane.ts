import type { Needs } from '@everywire/chat';
import { GroupLane } from './group-lane.js';
import type { AnyChange } from './load-group.js';
import { type AnyOutcome, decideGroup, type GroupOptions } from './run-group.js';

/** A lane (one connection that runs changes in groups) for changes of conversations. */
export type ChangeLane = GroupLane<AnyChange, AnyOutcome>;

/** Creates a lane. Changes of one conversation run in the order in which they were submitted. */
export function createChangeLane(options: GroupOptions): ChangeLane {
  return new GroupLane({
    ...options,
    foundAs: 'repeated',
    take: takeGroup,
    decide: (connection, group) => decideGroup(connection, group, options),
  });
}

/**
 * Takes the oldest waiting changes for the next group. A change is plain if it reads nothing but members, as the
 * sending of a text does. A group may have several plain changes of one conversation, because each sees the rows of
 * members that the previous one wrote. Any other change is the only change of its conversation in the group.
 */
function takeGroup(waiting: readonly AnyChange[], most: number): ReadonlySet<AnyChange> {
  const taken = new Set<AnyChange>();
  // Conversations and command keys of which the group must not take another change.
  const closed = new Set<string>();
  // Conversations of which the group has plain changes and may take further plain ones.
  const open = new Set<string>();
  const isDirect = waiting[0]?.target.by === 'direct';
  for (const change of waiting) {
    const { key, target } = change;
    const own = placeOf(change);
    const name = `${key.user} ${key.id}`;
    const isPlain = target.by === 'id' && isPlainNeeds(change.needs);
    const isFree = own === null || (!closed.has(own) && (isPlain || !open.has(own)));
    // A group must not address one conversation both by its id and by its direct key.
    const isTaken = taken.size < most && isFree && !closed.has(name) && (target.by === 'direct') === isDirect;
    if (isTaken) taken.add(change);
    closed.add(name);
    // A change that is left behind also closes its conversation, so that later changes stay behind it.
    if (own !== null) (isTaken && isPlain ? open : closed).add(own);
  }
  return taken;
}

/** Returns the name of the conversation that a change is for; `null` if the change creates a conversation. */
function placeOf({ target }: AnyChange): string | null {
  if (target.by === 'id') return `${target.conversation}`;
  return target.by === 'direct' ? target.key.join(':') : null;
}

function isPlainNeeds({ members: _, ...others }: Needs): boolean {
  return Object.values(others).every((need) => !need || (Array.isArray(need) && need.length === 0));
}
