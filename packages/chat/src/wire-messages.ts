import type { FileName } from './files.js';
import type { Mentions } from './message.js';
import type { CommandId, ConversationId, MessageName } from './model.js';

/** What is done with messages. A message is named by sequence and id; where they do not agree it is `not_found`. */
export type MessageCommand = Send | Forward | Edit | Recall | React | Pin | Hide;

export interface Send {
  readonly command: 'send';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly text: string;
  /** A message of this conversation that the sender may see (CH-22). */
  readonly quote?: MessageName;
  readonly mentions?: Mentions;
  /** The root to reply to; where it is a reply itself, its own root is taken: depth is one (CH-21). */
  readonly thread?: MessageName;
  /** Ids of finished uploads of one's own, or of files one sees; at most `filesMax`. With some, the text may be empty. */
  readonly files?: readonly FileName[];
  /** The revision of the draft that the text came from: that draft, or an older one, is cleared. Without it, and in a thread, none is. */
  readonly draft?: number;
}

/** Puts a copy of a text that the sender may read into another conversation, or the same one. To many: many commands. */
export interface Forward {
  readonly command: 'forward';
  readonly id: CommandId;
  /** Where it goes. */
  readonly conversation: ConversationId;
  /** Where it is. */
  readonly from: ConversationId;
  readonly message: MessageName;
}

/** Another text for an own message. `base` is the modification of the edit that it grew from, 0 for none; a stale one is `edit_conflict`. */
export interface Edit {
  readonly command: 'edit';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly message: MessageName;
  readonly base: number;
  readonly text: string;
  readonly mentions?: Mentions;
}

/** Empties a message for everybody, within `recallMs` of its sending. */
export interface Recall {
  readonly command: 'recall';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly message: MessageName;
}

/** Sets or unsets one's own reaction; never a toggle, so that a repetition does no harm. */
export interface React {
  readonly command: 'react';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly message: MessageName;
  readonly emoji: string;
  readonly set: boolean;
}

export interface Pin {
  readonly command: 'pin';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly message: MessageName;
  readonly set: boolean;
}

/** Takes messages out of one's own view, on all devices (delete for me); at most `namesMax`. */
export interface Hide {
  readonly command: 'hide';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly messages: readonly MessageName[];
}
