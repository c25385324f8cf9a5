import type { Notice } from './notice.js';
import type { ChangeTarget, Decision, Needs, Refused, Rows } from './store.js';
import type { CreateResult, Done, SendResult, TouchResult } from './wire.js';
import type { InviteResult } from './wire-invites.js';

/** The result of a keyed command (a command with an id, which takes effect once), stored with its key. */
export type CommandResult = CreateResult | SendResult | TouchResult | InviteResult | Done;

/** The decision of a keyed command: its changes, result and notices. */
export type CommandDecision = Decision<CommandResult, readonly Notice[]>;

/** A command prepared for `Store.change`, or refused before any row is read. */
export type CommandPlan =
  | {
      readonly outcome: 'planned';
      readonly target: ChangeTarget;
      readonly needs: Needs;
      readonly decide: (rows: Rows) => CommandDecision;
    }
  | Refused;

/** The decision if the state is already as requested: a success that writes nothing. */
export const nothingToDo: CommandDecision = { outcome: 'accepted', changes: null, result: {}, notices: [] };
