import type { FileName } from './files.js';
import type { Mentions } from './message.js';
import type { CommandId, ConversationId, MessageName } from './model.js';

/**
 * Commands about messages. Each names a message by its sequence and id. If the two do not match, the answer is
 * `not_found`.
 */
export type MessageCommand = Send | Forward | Edit | Recall | React | Pin | Hide;

/** Sends a text, optionally with files. */
export interface Send {
  readonly command: 'send';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly text: string;
  /** A message of this conversation that the sender may see (CH-22). */
  readonly quote?: MessageName;
  readonly mentions?: Mentions;
  /**
   * The root of the thread to reply in. If a reply is named, its root is used, because a reply cannot be the root of a
   * further thread (CH-21).
   */
  readonly thread?: MessageName;
  /**
   * Ids of the sender's finished uploads, or of files that the sender can see; at most `filesMax`. With files, the text may be
   * empty.
   */
  readonly files?: readonly FileName[];
  /**
   * The revision of the draft that the text came from. The server clears the draft if it has this revision or an older
   * one. If absent, or for a reply in a thread, clears no draft.
   */
  readonly draft?: number;
}

/**
 * Copies a text that the sender may read into another conversation, or into the same one. Each target needs a separate
 * command.
 */
export interface Forward {
  readonly command: 'forward';
  readonly id: CommandId;
  /** The conversation that gets the copy. */
  readonly conversation: ConversationId;
  /** The conversation of the message. */
  readonly from: ConversationId;
  readonly message: MessageName;
}

/**
 * Edits an own message. `base`: the modification of the last edit that the author has seen, 0 for none. If there is a
 * newer edit, the command is refused with `edit_conflict`.
 */
export interface Edit {
  readonly command: 'edit';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly message: MessageName;
  readonly base: number;
  readonly text: string;
  readonly mentions?: Mentions;
}

/** Empties a message for everyone, within `recallMs` of its sending. */
export interface Recall {
  readonly command: 'recall';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly message: MessageName;
}

/**
 * Sets or removes an own reaction. The command states the wanted result instead of toggling it, so that repeating it is
 * harmless.
 */
export interface React {
  readonly command: 'react';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly message: MessageName;
  readonly emoji: string;
  readonly set: boolean;
}

/** Pins or unpins a message for everyone. */
export interface Pin {
  readonly command: 'pin';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly message: MessageName;
  readonly set: boolean;
}

/** Hides messages from the user's own view, on all devices ("delete for me"); at most `namesMax`. */
export interface Hide {
  readonly command: 'hide';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly messages: readonly MessageName[];
}
