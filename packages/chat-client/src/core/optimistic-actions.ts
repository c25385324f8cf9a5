import type { ConversationId, Edit, Hide, KeyedCommand, Pin, React, Recall } from '@everywire/chat';
import type { OutboxItem } from './outbox.js';

/** A command that changes an existing message. */
export type MessageAction = Edit | Recall | React | Pin | Hide;

const names: Readonly<Record<MessageAction['command'], true>> = {
  edit: true,
  recall: true,
  react: true,
  pin: true,
  hide: true,
};

/** Returns whether a command changes an existing message. */
export function isMessageAction(command: KeyedCommand): command is MessageAction {
  return Object.hasOwn(names, command.command);
}

/** An action that the server has committed and the log does not show yet. */
interface Settling {
  readonly action: MessageAction;
  /** The conversation's modification after the action; `null` for `hide`, which has none. */
  readonly modification: number | null;
}

/** State of a log. It decides whether the log already shows an action. */
export interface ReachedPosition {
  readonly modification: number | null;
  readonly hasRow: (sequence: number) => boolean;
}

/**
 * Holds the user's changes to messages that the log does not show yet: those in the outbox, and those that the server
 * has acknowledged. Views apply these changes to the rows. A change is therefore visible immediately, and does not
 * disappear between its acknowledgement and its event.
 */
export class OptimisticActions {
  /** Acknowledged actions that the log does not show yet. Waiting actions are in the outbox. */
  readonly #settling = new Map<ConversationId, readonly Settling[]>();
  /** Rises with each change, so that views can be cached. */
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** Records an action that the server has committed. */
  done(action: MessageAction, modification: number | null): void {
    const { conversation } = action;
    this.#settling.set(conversation, [...(this.#settling.get(conversation) ?? []), { action, modification }]);
    this.#version += 1;
  }

  /**
   * Returns the actions of a conversation in order: acknowledged ones, then those among `waiting`, the items of the
   * outbox. Forgets acknowledged actions that the log already shows.
   */
  of(conversation: ConversationId, waiting: readonly OutboxItem[], reached: ReachedPosition): readonly MessageAction[] {
    const known = this.#settling.get(conversation) ?? [];
    const left = known.filter((settling) => !isShown(settling, reached));
    if (left.length === 0) this.#settling.delete(conversation);
    else this.#settling.set(conversation, left);
    const commands = waiting.flatMap(({ command, failed }) =>
      failed === null && isMessageAction(command) && command.conversation === conversation ? [command] : [],
    );
    return [...left.map(({ action }) => action), ...commands];
  }

  /** Forgets a conversation whose log was dropped, because the new rows will contain the effects of the actions. */
  forget(conversation: ConversationId): void {
    if (this.#settling.delete(conversation)) this.#version += 1;
  }

  /** Forgets everything, because the server has another history, in which the actions may not have happened. */
  forgetAll(): void {
    this.#settling.clear();
    this.#version += 1;
  }
}

function isShown({ action, modification }: Settling, reached: ReachedPosition): boolean {
  if (action.command === 'hide') return !action.messages.some(({ sequence }) => reached.hasRow(sequence));
  return modification !== null && (reached.modification ?? 0) >= modification;
}
