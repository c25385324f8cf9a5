import { GroupLane, type Ran } from './group-lane.js';
import type { AnyChange } from './load-group.js';
import { type AnyOutcome, type GroupOptions, runGroup } from './run-group.js';

export type ChangeLane = GroupLane<AnyChange, AnyOutcome>;

/** A lane for changes of conversations. Those of one conversation keep their order. */
export function createChangeLane(url: string, options: GroupOptions): ChangeLane {
  // What a change had decided when the connection was lost, as long as it is not answered.
  const decided = new WeakMap<AnyChange, AnyOutcome>();
  return new GroupLane({
    url,
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
  if ('thrown' in ran || ran.outcome.outcome !== 'repeated' || decided?.outcome !== 'committed') return ran;
  return JSON.stringify(ran.outcome.result) === JSON.stringify(decided.result) ? { outcome: decided } : ran;
}

/** The oldest that wait, one of each conversation, so that each sees what the one before it wrote. */
function takeGroup(waiting: readonly AnyChange[], most: number): ReadonlySet<AnyChange> {
  const taken = new Set<AnyChange>();
  const places = new Set<string>();
  const isDirect = waiting[0]?.target.by === 'direct';
  for (const change of waiting) {
    const own = placesOf(change);
    const isAlone = own.every((place) => !places.has(place));
    // One conversation must not be in a group by its id and by its direct key.
    if (taken.size < most && isAlone && (change.target.by === 'direct') === isDirect) taken.add(change);
    // Of what stays behind as well: what comes after it in its conversation stays behind with it.
    for (const place of own) places.add(place);
  }
  return taken;
}

/** What two changes of one group must not share: the conversation, and the key. */
function placesOf({ target, key }: AnyChange): readonly string[] {
  const name = `${key.user} ${key.id}`;
  if (target.by === 'id') return [name, `${target.conversation}`];
  return target.by === 'direct' ? [name, target.key.join(':')] : [name];
}
