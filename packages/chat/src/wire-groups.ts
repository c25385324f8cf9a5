import type { GroupSettings } from './group-settings.js';
import type { CommandId, ConversationId, Role, UserId } from './model.js';

/** Keyed commands about groups, channels and notes, beyond those of a small group. */
export type GroupCommand = CreateChannel | CreateNotes | SetRole | Configure | SetPicture | DeleteConversation;

/** Its creator is its owner; who joins reads. */
export interface CreateChannel {
  readonly command: 'createChannel';
  readonly id: CommandId;
  readonly name: string;
  /** `anyone`: listed for everybody, to be joined without an invitation. */
  readonly join: GroupSettings['join'];
}

/** One's own notes: made, or found. */
export interface CreateNotes {
  readonly command: 'createNotes';
  readonly id: CommandId;
}

/** Gives a member another role. `owner` hands the group over: its owner becomes an admin. */
export interface SetRole {
  readonly command: 'setRole';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly user: UserId;
  readonly role: Role;
}

export interface Configure {
  readonly command: 'configure';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  /** All of them: the new settings. */
  readonly settings: GroupSettings;
}

export interface SetPicture {
  readonly command: 'setPicture';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  /** A finished upload that is a picture and that one may attach to a message; `null` for none any more. */
  readonly file: string | null;
}

/** Ends a group or channel for everybody. Nothing of it is to be had afterwards, by anybody (CH-36). */
export interface DeleteConversation {
  readonly command: 'delete';
  readonly id: CommandId;
  readonly conversation: ConversationId;
}
