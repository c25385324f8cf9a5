import type { ChatLimits, ConversationId, Epoch } from '@everywire/chat';
import { type CommandKeys, createCommandKeys } from './command-keys.js';
import { type ConversationTable, createConversationTable } from './conversation-table.js';
import { AlteredRow, DamageLog } from './damage/damage-log.js';
import { createLogRows, type LogRows } from './damage/log-rows.js';
import type { Database } from './database/database.js';
import { createErasureTable, type ErasureTable } from './erasure-table.js';
import { createFileTable, type FileTable } from './file-table.js';
import { createHiddenTable, type HiddenTable } from './hidden-table.js';
import { createInviteTable, type InviteTable } from './invite-table.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from './limits.js';
import { createListOrder, type ListOrder } from './list-order.js';
import { listed } from './list-place.js';
import { createMemberTable, type MemberTable } from './member-table.js';
import { createMentionTable, type MentionTable } from './mention-table.js';
import { createMessageTable, type MessageTable } from './message-table.js';
import type { PendingListMovesLimits } from './pending-list-moves.js';
import { createPrivacyTable, type PrivacyTable } from './privacy-table.js';
import { createSearchTable, type SearchTable } from './search/search-table.js';
import { createThreadTable, type ThreadTable } from './thread-table.js';
import { UndoLog } from './undo-log.js';
import { createVersionTable, type VersionTable } from './version-table.js';

/** All tables of the log with their prepared statements. None of the methods begins or ends a transaction. */
export interface Tables {
  readonly epoch: Epoch;
  readonly conversations: ConversationTable;
  readonly messages: MessageTable;
  /** The log, as far as it is readable. */
  readonly log: LogRows;
  readonly members: MemberTable;
  readonly listOrder: ListOrder;
  readonly commandKeys: CommandKeys;
  readonly threads: ThreadTable;
  readonly mentions: MentionTable;
  readonly hidden: HiddenTable;
  readonly versions: VersionTable;
  readonly files: FileTable;
  readonly invites: InviteTable;
  readonly privacy: PrivacyTable;
  readonly search: SearchTable;
  readonly erasure: ErasureTable;
  /**
   * Returns the stamp of the last change: the number of changes so far, including those of this transaction (CH-14).
   */
  lastStamp(): number;
  /** Raises the store's one counter of changes and returns the new stamp. The caller must run a transaction (CH-14). */
  nextStamp(): number;
}

/** Options that only the writer needs. */
export interface TablesOptions {
  readonly moves?: PendingListMovesLimits;
  /** The undo log of the writer's transactions. */
  readonly undo?: UndoLog;
  /** Receives reports of damaged rows. */
  readonly damage?: Pick<DamageLog, 'note'>;
  readonly onSearchDue?: () => void;
  readonly onErasureDue?: (conversation: ConversationId) => void;
}

/** Creates the access to all tables of an open database. Throws `AlteredRow` if the row with the epoch is missing. */
export function createTables(
  database: Database,
  limits: ChatLimits,
  {
    moves = DEFAULT_SQLITE_STORE_LIMITS,
    undo = new UndoLog(),
    damage = new DamageLog(() => undefined),
    onSearchDue = () => undefined,
    onErasureDue = () => undefined,
  }: TablesOptions = {},
): Tables {
  const epoch = database.prepare<[], Epoch>('SELECT epoch FROM store').pluck().get();
  if (epoch === undefined) throw new AlteredRow('the row of the table store is missing');
  const lastStamp = database.prepare<[], number>('SELECT stamp FROM store WHERE only = 1').pluck();
  const raise = database
    .prepare<[], number>('UPDATE store SET stamp = stamp + 1 WHERE only = 1 RETURNING stamp')
    .pluck();
  const conversations = createConversationTable(database);
  const messages = createMessageTable(database);
  const members = createMemberTable(database);
  const files = createFileTable(database);
  const placeOf: Parameters<typeof createListOrder>[1]['placeOf'] = (user, conversation) =>
    listed(members.place(conversation, user), conversations.get(conversation)?.count ?? 0);
  return {
    epoch,
    conversations,
    messages,
    log: createLogRows(messages, damage),
    members,
    listOrder: createListOrder(database, { limits: moves, undo, placeOf, onDamage: (found) => damage.note(found) }),
    commandKeys: createCommandKeys(database, limits.commandKeyDays),
    threads: createThreadTable(database, limits.followsMax),
    mentions: createMentionTable(database),
    hidden: createHiddenTable(database),
    versions: createVersionTable(database),
    files,
    invites: createInviteTable(database),
    privacy: createPrivacyTable(database),
    search: createSearchTable(database, onSearchDue),
    erasure: createErasureTable(database, files, onErasureDue),
    lastStamp: () => lastStamp.get() ?? 0,
    nextStamp: () => raise.get() ?? 0,
  };
}
