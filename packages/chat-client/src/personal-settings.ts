import type { ConversationId, MemberPlace, NotificationRule, PersonalCommand } from '@everywire/chat';
import { type AllReadCore, markAllRead } from './mark-all-read.js';
import { mintId } from './mint-id.js';

/** Mutes until further notice: the last instant that a `Date` can represent. */
export const MUTE_FOREVER = 8_640_000_000_000_000;

/**
 * Manages the user's private settings of conversations, shared by all their devices. Commands wait in the outbox while
 * offline, and reject with `ChatFailure`.
 */
export interface PersonalSettings {
  /** Pins a conversation, returns it to its normal place, or archives it, where new messages do not move it. */
  arrange(conversation: number, place: MemberPlace): Promise<void>;
  /** Mutes a conversation until a time in milliseconds since the epoch, `MUTE_FOREVER`, or 0 to unmute. */
  mute(conversation: number, until: number): Promise<void>;
  /** Sets which messages notify the user while the conversation is not muted. */
  notify(conversation: number, rule: NotificationRule): Promise<void>;
  /** Sets or removes the user's manual mark "unread" of a conversation. */
  mark(conversation: number, marked: boolean): Promise<void>;
  /**
   * Marks all messages of a conversation that this device knows as read, without opening the conversation. Does not
   * change threads or manual marks.
   */
  markRead(conversation: number): void;
  /**
   * Marks all conversations as read, including archived ones and those not loaded, and clears manual marks. Loads the
   * complete list. Conversations that are already loaded are shown as read immediately. The client sends a few of these
   * changes per second and continues after a reconnection.
   */
  markAllRead(): void;
  /** Hides all messages that the conversation has now, for this user only. */
  clearHistory(conversation: number): Promise<void>;
  /** Removes a conversation from the list until a new message arrives; one that the user has left, for good. */
  dismiss(conversation: number): Promise<void>;
}

interface Core extends AllReadCore {
  topOf(conversation: ConversationId): number;
  readonly reading: { markRead(conversation: ConversationId, top: number): void };
}

/** The part of `Engine` that this file uses. Not imported from there, because `Engine` depends on this file. */
interface Commands {
  readonly core: Core | null;
  whenLoaded(intent: (core: Core) => void): void;
  command(command: PersonalCommand): Promise<object>;
}

/** Creates the settings interface of a client. */
export function createOwnSettings(engine: Commands, subscribe: (listener: () => void) => () => void): PersonalSettings {
  const run = async (command: PersonalCommand): Promise<void> => void (await engine.command(command));
  return {
    arrange: (conversation, place) => run({ command: 'arrange', id: mintId(), conversation, place }),
    mute: (conversation, until) => run({ command: 'mute', id: mintId(), conversation, until }),
    notify: (conversation, rule) => run({ command: 'notify', id: mintId(), conversation, rule }),
    mark: (conversation, marked) => run({ command: 'mark', id: mintId(), conversation, marked }),
    markRead: (conversation) =>
      engine.whenLoaded((core) => core.reading.markRead(conversation, core.topOf(conversation))),
    markAllRead: () => {
      const unmark = (conversation: ConversationId): Promise<void> =>
        run({ command: 'mark', id: mintId(), conversation, marked: false });
      // A failure is ignored, because the mark then stays visible and the user can remove it.
      markAllRead(engine, subscribe, (conversation) => void unmark(conversation).catch(() => undefined));
    },
    clearHistory: async (conversation) => {
      // Clears only up to the last message that this device knows, because the user cannot have seen later ones.
      const sequence = engine.core?.topOf(conversation) ?? 0;
      await run({ command: 'clear', id: mintId(), conversation, sequence });
    },
    dismiss: (conversation) => run({ command: 'dismiss', id: mintId(), conversation }),
  };
}
