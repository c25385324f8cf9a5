import type { Notice } from './notice.js';
import type { ChangeTarget, Decision, Needs, Refused, Rows } from './store.js';
import type { CreateResult, Done, SendResult, TouchResult } from './wire.js';
import type { InviteResult } from './wire-invites.js';

/** What a keyed command answers, kept with its key. */
export type CommandResult = CreateResult | SendResult | TouchResult | InviteResult | Done;

export type CommandDecision = Decision<CommandResult, readonly Notice[]>;

/** A command made ready for `Store.change`, or refused without looking at a row. */
export type CommandPlan =
  | {
      readonly outcome: 'planned';
      readonly target: ChangeTarget;
      readonly needs: Needs;
      readonly decide: (rows: Rows) => CommandDecision;
    }
  | Refused;

/** What was to be set is set already: success that writes nothing. */
export const nothingToDo: CommandDecision = { outcome: 'accepted', changes: null, result: {}, tell: [] };
