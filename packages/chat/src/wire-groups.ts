import type { GroupSettings } from './group-settings.js';
import type { CommandId, ConversationId, Role, UserId } from './model.js';

/**
 * Keyed commands (commands with an id) about groups, channels and notes. The commands of small groups are in `wire.ts`.
 */
export type GroupCommand = CreateChannel | CreateNotes | SetRole | Configure | SetPicture | DeleteConversation;

/** Creates a channel owned by its creator; users who join are readers. */
export interface CreateChannel {
  readonly command: 'createChannel';
  readonly id: CommandId;
  readonly name: string;
  /** `anyone`: listed in the directory and open without an invitation. */
  readonly join: GroupSettings['join'];
}

/** Finds the user's own notes, or creates them. */
export interface CreateNotes {
  readonly command: 'createNotes';
  readonly id: CommandId;
}

/** Changes the role of a member. The role `owner` transfers the group; its previous owner becomes an admin. */
export interface SetRole {
  readonly command: 'setRole';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly user: UserId;
  readonly role: Role;
}

/** Changes the settings of a group or channel. */
export interface Configure {
  readonly command: 'configure';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  /** The complete new settings. */
  readonly settings: GroupSettings;
}

/** Sets or removes the picture of a group or channel. */
export interface SetPicture {
  readonly command: 'setPicture';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  /** Id of a finished upload that is a picture and that the user may attach; `null` to remove the picture. */
  readonly file: string | null;
}

/** Deletes a group or channel for everyone. Afterwards, no one can read any of its messages (CH-36). */
export interface DeleteConversation {
  readonly command: 'delete';
  readonly id: CommandId;
  readonly conversation: ConversationId;
}
