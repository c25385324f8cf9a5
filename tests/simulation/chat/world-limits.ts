import { type ChatLimits, chatLimits, type UserId } from '@everywire/chat';
import { type CoreLimits, coreLimits } from '@everywire/chat-client/internal';

/** Low enough that a run of a few hundred commands meets each of them. */
export const worldLimits: ChatLimits = {
  ...chatLimits,
  smallMembersMax: 4,
  listEntriesMax: 2,
  listChangedMax: 3,
  bootstrapEntries: 2,
  changesRowsMax: 3,
  changesBumpsMax: 6,
  membersPageMax: 2,
  searchRowsMax: 2,
  threadsPageMax: 1,
  directoryPageMax: 1,
};

/** Earlier texts of one answer, as where more would not fit into it. */
export const versionsMax = 1;

export const deviceLimits: CoreLimits = { ...coreLimits, pageRows: 5, closedRowsMax: 6, logsMax: 4 };

export const users: readonly UserId[] = [1, 2, 3, 4, 5, 6, 7];

export const nodesCount = 3;

/** What goes wrong on the way; all of it is off while a quiet point is drawn up. */
export interface Faults {
  readonly loseHint: number;
  readonly repeatHint: number;
  readonly crash: number;
  /** Of answers, how likely one is let through when it could be: low makes them late. */
  readonly answerPromptness: number;
}
