import { type ChatLimits, chatLimits, type UserId } from '@everywire/chat';
import { type CoreLimits, coreLimits } from '@everywire/chat-client/internal';

/** Low enough that a run of a few hundred commands reaches each limit. */
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

/** The earlier texts in one answer, as if more did not fit. */
export const versionsMax = 1;

export const deviceLimits: CoreLimits = { ...coreLimits, pageRows: 5, closedRowsMax: 6, logsMax: 4 };

export const users: readonly UserId[] = [1, 2, 3, 4, 5, 6, 7];

export const nodesCount = 3;

/** The faults of the network; all are switched off at a quiet point. */
export interface Faults {
  readonly loseHint: number;
  readonly repeatHint: number;
  readonly crash: number;
  /** The chance that an available answer is delivered: low values make answers late. */
  readonly answerPromptness: number;
}
