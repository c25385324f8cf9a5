import type { ConversationId, Edit, Hide, KeyedCommand, Pin, React, Recall } from '@everywire/chat';
import type { OutboxItem } from './outbox.js';

/** A command that changes a message that is there already. */
export type Deed = Edit | Recall | React | Pin | Hide;

const names: Readonly<Record<Deed['command'], true>> = { edit: true, recall: true, react: true, pin: true, hide: true };

export function isDeed(command: KeyedCommand): command is Deed {
  return Object.hasOwn(names, command.command);
}

/** A deed that the server has done, and that the log does not show yet. */
interface Settling {
  readonly deed: Deed;
  /** The conversation's, with it; for what is hidden there is none. */
  readonly modification: number | null;
}

/** What a log must have come to, so that it shows a deed by itself. */
export interface Reached {
  readonly modification: number | null;
  readonly hasRow: (sequence: number) => boolean;
}

/**
 * What this person has done to messages and the log does not show yet, so that it is seen at once and does not flicker when it is acknowledged
 * before it is heard of: what waits in the outbox, and what was acknowledged meanwhile.
 */
export class DeedBook {
  readonly #settling = new Map<ConversationId, readonly Settling[]>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** The server has done it. */
  done(deed: Deed, modification: number | null): void {
    const { conversation } = deed;
    this.#settling.set(conversation, [...(this.#settling.get(conversation) ?? []), { deed, modification }]);
    this.#version += 1;
  }

  /** Those of a conversation, in order; what the log shows by now is forgotten. */
  of(conversation: ConversationId, waiting: readonly OutboxItem[], reached: Reached): readonly Deed[] {
    const known = this.#settling.get(conversation) ?? [];
    const left = known.filter((settling) => !isShown(settling, reached));
    if (left.length === 0) this.#settling.delete(conversation);
    else this.#settling.set(conversation, left);
    const commands = waiting.flatMap(({ command, failed }) =>
      failed === null && isDeed(command) && command.conversation === conversation ? [command] : [],
    );
    return [...left.map(({ deed }) => deed), ...commands];
  }

  /** The log was dropped: whatever comes is newer. */
  forget(conversation: ConversationId): void {
    if (this.#settling.delete(conversation)) this.#version += 1;
  }

  /** Another history, in which it may not have happened. */
  forgetAll(): void {
    this.#settling.clear();
    this.#version += 1;
  }
}

function isShown({ deed, modification }: Settling, reached: Reached): boolean {
  if (deed.command === 'hide') return !deed.messages.some(({ sequence }) => reached.hasRow(sequence));
  return modification !== null && (reached.modification ?? 0) >= modification;
}
