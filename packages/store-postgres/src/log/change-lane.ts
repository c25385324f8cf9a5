import type { Needs } from '@everywire/chat';
import { GroupLane, POSTPONED, type Ran } from './group-lane.js';
import type { AnyChange } from './load-group.js';
import { type AnyOutcome, type GroupOptions, runGroup } from './run-group.js';

export type ChangeLane = GroupLane<AnyChange, AnyOutcome>;

/** A lane for changes of conversations. Those of one conversation keep their order. */
export function createChangeLane(url: string, options: GroupOptions): ChangeLane {
  // What a change had decided when the connection was lost, as long as it is not answered.
  const decided = new WeakMap<AnyChange, AnyOutcome>();
  return new GroupLane({
    url,
    health: options.health,
    take: takeGroup,
    run: async (connection, group) => {
      const note = (change: AnyChange, outcome: AnyOutcome): void => void decided.set(change, outcome);
      const ran = await runGroup(connection, group, { ...options, note: (change, outcome) => note(change, outcome) });
      return ran.map((each, at) => ownCommit(each, decided.get(group[at] as AnyChange)));
    },
  });
}

/**
 * A key with the very result that an earlier run had decided is of that run's commit, of which nobody was told. So it is answered as that run would
 * have been, and those whom it concerns are told.
 */
function ownCommit(ran: Ran<AnyOutcome>, decided: AnyOutcome | undefined): Ran<AnyOutcome> {
  if (ran === POSTPONED || 'thrown' in ran || ran.outcome.outcome !== 'repeated' || decided?.outcome !== 'committed')
    return ran;
  return JSON.stringify(ran.outcome.result) === JSON.stringify(decided.result) ? { outcome: decided } : ran;
}

/**
 * The oldest that wait. Of one conversation there are several where each of them asks for nothing but members, as a plain text does: then what the one
 * before it wrote is told to it. All others are alone with their conversation in a group.
 */
function takeGroup(waiting: readonly AnyChange[], most: number): ReadonlySet<AnyChange> {
  const taken = new Set<AnyChange>();
  const closed = new Set<string>();
  const open = new Set<string>();
  const isDirect = waiting[0]?.target.by === 'direct';
  for (const change of waiting) {
    const { key, target } = change;
    const own = placeOf(change);
    const name = `${key.user} ${key.id}`;
    const isPlain = target.by === 'id' && isPlainNeeds(change.needs);
    const isFree = own === null || (!closed.has(own) && (isPlain || !open.has(own)));
    // One conversation must not be in a group by its id and by its direct key.
    const isTaken = taken.size < most && isFree && !closed.has(name) && (target.by === 'direct') === isDirect;
    if (isTaken) taken.add(change);
    closed.add(name);
    // Of what stays behind as well: what comes after it in its conversation stays behind with it.
    if (own !== null) (isTaken && isPlain ? open : closed).add(own);
  }
  return taken;
}

function placeOf({ target }: AnyChange): string | null {
  if (target.by === 'id') return `${target.conversation}`;
  return target.by === 'direct' ? target.key.join(':') : null;
}

function isPlainNeeds({ members: _, ...others }: Needs): boolean {
  return Object.values(others).every((need) => !need || (Array.isArray(need) && need.length === 0));
}
