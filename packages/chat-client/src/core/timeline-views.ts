import type { ConversationId, UserId } from '@everywire/chat';
import type { ConversationLog } from './conversation-log.js';
import { seeksUnread } from './log-cache.js';
import { Memo } from './memo.js';
import type { OptimisticActions } from './optimistic-actions.js';
import type { Outbox, OutboxItem } from './outbox.js';
import { isProvisional } from './provisional.js';
import type { SyncCore } from './sync-core.js';
import { type CoreTimeline, viewTimeline } from './timeline-view.js';

interface CoreParts {
  readonly me: UserId;
  readonly sync: SyncCore;
  readonly outbox: Outbox;
  readonly actions: OptimisticActions;
}

/**
 * Creates and caches the views of open conversations and threads (timelines). A view is created again only when
 * something in it has changed.
 */
export class TimelineViews {
  readonly #parts: CoreParts;
  /** Keys are the strings of `placeOf`, which name a conversation or a thread. */
  readonly #timelines = new Map<string, Memo<CoreTimeline>>();

  constructor(parts: CoreParts) {
    this.#parts = parts;
  }

  /**
   * Returns the timeline of a conversation, or of its thread with this root. `root` is `null` for the conversation
   * itself.
   */
  get(conversation: ConversationId, root: number | null, connected: boolean): CoreTimeline {
    const { me, sync, outbox, actions } = this.#parts;
    const { list, logCache } = sync;
    const entry = list.entry(conversation);
    const cachedLog = root === null ? logCache.get(conversation) : logCache.thread(conversation, root);
    const isLoading = (low: number | null): boolean => sync.isLoading(conversation, low, root);
    const loading = [null, ...(cachedLog?.log.gaps ?? [])].map(isLoading).join();
    const absent = sync.isAbsent(conversation);
    const place = placeOf(conversation, root);
    const memo = this.#timelines.get(place) ?? new Memo<CoreTimeline>();
    this.#timelines.set(place, memo);
    const parts = [
      cachedLog?.log.version,
      cachedLog?.log.modification,
      cachedLog?.receipts.version,
      cachedLog?.pins.version,
    ];
    const waiting = [outbox.version, actions.version];
    const sought = cachedLog !== null && seeksUnread(cachedLog);
    return memo.get([entry, cachedLog, ...parts, ...waiting, connected, loading, absent, sought], () => {
      const items = outbox.withReasons();
      const echoes = items.filter((item) => isEchoOf(item, conversation, cachedLog?.log ?? null));
      const done = actions.of(conversation, items, {
        modification: cachedLog?.log.modification ?? null,
        hasRow: (sequence) => cachedLog?.log.row(sequence) !== undefined,
      });
      const view = viewTimeline({ me, entry, cachedLog, absent, echoes, actions: done, connected, isLoading });
      // A provisional conversation has no history to wait for.
      return isProvisional(conversation) ? { ...view, atStart: true, loading: false } : view;
    });
  }

  /** Drops the memoised timeline of a closed view. */
  drop(conversation: ConversationId, root: number | null): void {
    this.#timelines.delete(placeOf(conversation, root));
  }
}

function placeOf(conversation: ConversationId, root: number | null): string {
  return root === null ? `${conversation}` : `${conversation}/${root}`;
}

/**
 * Returns whether a waiting message of the outbox belongs to this log. A reply names its thread by the root or by any
 * other message of it, so it belongs to the log of a thread that holds the named message.
 */
function isEchoOf({ command }: OutboxItem, conversation: ConversationId, log: ConversationLog | null): boolean {
  if (command.command !== 'send' || command.conversation !== conversation) return false;
  if (command.thread === undefined) return log?.root == null;
  return log?.root != null && log.row(command.thread.sequence) !== undefined;
}
