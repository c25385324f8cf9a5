import { type ChatLimits, chatLimits, type UserId } from '@everywire/chat';
import { type CoreLimits, coreLimits } from '@everywire/chat-client/internal';

/** The limits of the store and server. Low enough that a run of a few hundred commands reaches each limit. */
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

/** The most earlier texts of a message in one answer. */
export const versionsMax = 1;

/** The limits of the core of the chat client on each device. */
export const deviceLimits: CoreLimits = { ...coreLimits, pageRows: 5, closedRowsMax: 6, logsMax: 4 };

/** The users. Each has two devices. */
export const users: readonly UserId[] = [1, 2, 3, 4, 5, 6, 7];

/** Number of server nodes. */
export const nodesCount = 3;

/** Probabilities of faults, from 0 to 1. All faults are switched off at a quiet point, when the states are checked. */
export interface Faults {
  /** That the bus between the nodes loses a message with hints (live events). */
  readonly loseHint: number;
  /** That the bus repeats a message. */
  readonly repeatHint: number;
  /** That a node crashes after a commit, before it publishes the hints. */
  readonly crash: number;
  /** That an available answer is delivered when its turn comes. Low values make answers late. */
  readonly answerPromptness: number;
}
