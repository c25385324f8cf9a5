import type { FileName } from './files.js';
import type { Mentions } from './message.js';
import type { CommandId, ConversationId, MessageName } from './model.js';

/** Commands about messages. A message is identified by sequence and id; if they do not match, it is `not_found`. */
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
  /** The root to reply to; a reply is replaced by its own root, since threads have a depth of one (CH-21). */
  readonly thread?: MessageName;
  /**
   * Ids of the sender's finished uploads, or of files that the sender can see; at most `filesMax`. With files, the text may be
   * empty.
   */
  readonly files?: readonly FileName[];
  /**
   * The revision of the draft that the text came from: clears that draft or an older one. Without it, or in a thread, clears
   * none.
   */
  readonly draft?: number;
}

/** Copies a text that the sender may read into another conversation, or the same one. Several targets need several commands. */
export interface Forward {
  readonly command: 'forward';
  readonly id: CommandId;
  /** The target. */
  readonly conversation: ConversationId;
  /** The source. */
  readonly from: ConversationId;
  readonly message: MessageName;
}

/**
 * Edits an own message. `base` is the modification of the edit that it is based on, 0 for none; a stale one is `edit_conflict`.
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

/** Sets or removes an own reaction; never a toggle, so that it is idempotent. */
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

/** Hides messages from the user's own view, on all devices (delete for me); at most `namesMax`. */
export interface Hide {
  readonly command: 'hide';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly messages: readonly MessageName[];
}
