import type { CommitEvent } from './events.js';
import type { LogHead, Period, UserId } from './model.js';

/** The users whose stays (periods of membership) one commit began or ended. */
export interface StayChanges {
  readonly begun: readonly UserId[];
  readonly ended: readonly UserId[];
}

const noChange: StayChanges = { begun: [], ended: [] };

/**
 * Returns the users whose stays began or ended with the commit of this event. There are none unless the event's row is
 * the message that changed the members.
 */
export function stayChanges({ row, membersAt }: CommitEvent): StayChanges {
  if (row?.body.kind !== 'service' || row.sequence !== membersAt) return noChange;
  const { service } = row.body;
  switch (service.change) {
    case 'joined':
      return { begun: [row.sender], ended: [] };
    case 'added':
      return { begun: service.users, ended: [] };
    case 'left':
      return { begun: [], ended: [row.sender] };
    case 'removed':
      return { begun: [], ended: service.users };
    default:
      return noChange;
  }
}

/** Adds a period that is open from sequence `from` on. Keeps only the newest `periodsMax` periods. */
export function beginStay(periods: readonly Period[], from: number, periodsMax: number): readonly Period[] {
  return [...periods, { from, to: null, toModification: null }].slice(-periodsMax);
}

/** Ends the open period at `head`. Returns the periods unchanged if none is open or if it began after `head`. */
export function endStay(periods: readonly Period[], { sequence, modification }: LogHead): readonly Period[] {
  const last = periods.at(-1);
  if (last === undefined || last.to !== null || last.from > sequence) return periods;
  return [...periods.slice(0, -1), { ...last, to: sequence, toModification: modification }];
}
