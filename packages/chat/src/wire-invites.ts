import type { CommandId, ConversationId, ConversationKind, Epoch, Invite } from './model.js';

/** Keyed commands about coming into a group or channel unasked. */
export type InviteCommand = CreateInvite | RevokeInvite | Join;

/** Makes a link's other half: who joins with `secret` is let in. Only its hash is kept, so it is shown to nobody again. */
export interface CreateInvite {
  readonly command: 'createInvite';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  /** Minted by the client: 32 lower-case hex digits of 128 random bits. */
  readonly secret: string;
  /** Milliseconds since the epoch; `null` for never. */
  readonly expiresAt: number | null;
  /** How many may join by it; `null` for any number. */
  readonly usesMax: number | null;
}

export interface RevokeInvite {
  readonly command: 'revokeInvite';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly invite: string;
}

/** Joins by an invitation, or with `null` where anyone may. Who is in already is left alone. */
export interface Join {
  readonly command: 'join';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly secret: string | null;
}

export interface InviteResult {
  /** Names it for `revokeInvite`; not a secret. */
  readonly invite: string;
}

export type InviteQuery =
  /** For admins. */
  | { readonly command: 'invites'; readonly conversation: ConversationId }
  /** What one would join; to whoever holds the secret, or where anyone may join. */
  | { readonly command: 'invitation'; readonly conversation: ConversationId; readonly secret: string | null }
  /** Groups and channels that anyone may join, by name; `after` is the `next` of the answer before. */
  | { readonly command: 'directory'; readonly query: string; readonly after: DirectoryPosition | null };

/** A place in the directory, which stays where it is when the conversation that stood there is renamed or gone. */
export interface DirectoryPosition {
  readonly name: string;
  readonly conversation: ConversationId;
}

/** An invitation as admins see it. */
export type InviteEntry = Omit<Invite, 'conversation' | 'hash'>;

/** A group or channel as somebody sees it who is not in it. */
export interface Outline {
  readonly conversation: ConversationId;
  readonly kind: ConversationKind;
  readonly name: string;
  /** Id of its picture, where anyone may join; `null` for none, and for one that only members may have. */
  readonly picture: string | null;
  readonly memberCount: number;
}

export interface InviteAnswers {
  readonly createInvite: InviteResult & { readonly epoch: Epoch };
  readonly revokeInvite: { readonly epoch: Epoch };
  readonly join: { readonly conversation: ConversationId; readonly epoch: Epoch };
  readonly invites: { readonly invites: readonly InviteEntry[] };
  readonly invitation: Outline;
  readonly directory: { readonly groups: readonly Outline[]; readonly next: DirectoryPosition | null };
}
