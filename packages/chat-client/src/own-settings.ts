import type { ConversationId, MemberPlace, NotificationRule, OwnCommand } from '@everywire/chat';
import { type AllReadCore, markAllRead } from './mark-all-read.js';
import { mintId } from './mint-id.js';

/** Until further notice: the last instant that a date can say. */
export const muteForever = 8_640_000_000_000_000;

/** What one keeps to oneself of a conversation; on all one's devices. Each waits in the outbox while offline, and rejects with `ChatFailure`. */
export interface OwnSettings {
  /** On top of the list, where it comes, or in the archive, where it stays whatever arrives. */
  arrange(conversation: number, place: MemberPlace): Promise<void>;
  /** `until`: milliseconds since the epoch, `muteForever`, or 0 for not. */
  mute(conversation: number, until: number): Promise<void>;
  /** Which messages notify this person; what does so while it is not muted. */
  notify(conversation: number, rule: NotificationRule): Promise<void>;
  mark(conversation: number, marked: boolean): Promise<void>;
  /** Everything this device has heard of was read, without opening it; threads and marks by hand are not in it. */
  markRead(conversation: number): void;
  /**
   * The same in every conversation of the list, archived ones and those that it has not loaded too, and their marks by hand: shown at once where the list
   * is loaded, told the server a few a second, and over reconnections. The list is loaded to its end by it.
   */
  markAllRead(): void;
  /** Nothing that is here now is shown any more, on one's own devices alone. */
  clearHistory(conversation: number): Promise<void>;
  /** Off the list until somebody writes; what is left of a conversation one is no longer in, for good. */
  dismiss(conversation: number): Promise<void>;
}

interface Core extends AllReadCore {
  topOf(conversation: ConversationId): number;
  markRead(conversation: ConversationId, top: number): void;
}

/** Of the engine, only what is used: it is built on the types of this client. */
interface Commands {
  readonly core: Core | null;
  whenLoaded(intent: (core: Core) => void): void;
  command(command: OwnCommand): Promise<object>;
}

export function createOwnSettings(engine: Commands, subscribe: (listener: () => void) => () => void): OwnSettings {
  const run = async (command: OwnCommand): Promise<void> => void (await engine.command(command));
  return {
    arrange: (conversation, place) => run({ command: 'arrange', id: mintId(), conversation, place }),
    mute: (conversation, until) => run({ command: 'mute', id: mintId(), conversation, until }),
    notify: (conversation, rule) => run({ command: 'notify', id: mintId(), conversation, rule }),
    mark: (conversation, marked) => run({ command: 'mark', id: mintId(), conversation, marked }),
    markRead: (conversation) => engine.whenLoaded((core) => core.markRead(conversation, core.topOf(conversation))),
    markAllRead: () => {
      const unmark = (conversation: ConversationId): Promise<void> =>
        run({ command: 'mark', id: mintId(), conversation, marked: false });
      // A mark that stays for a fault is seen, and taken away as it was made.
      markAllRead(engine, subscribe, (conversation) => void unmark(conversation).catch(() => undefined));
    },
    clearHistory: async (conversation) => {
      // What this device has not heard of yet was not seen here, so it is not cleared unseen.
      const sequence = engine.core?.topOf(conversation) ?? 0;
      await run({ command: 'clear', id: mintId(), conversation, sequence });
    },
    dismiss: (conversation) => run({ command: 'dismiss', id: mintId(), conversation }),
  };
}
