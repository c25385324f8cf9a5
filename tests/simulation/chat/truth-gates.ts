import type { InviteCommand, KeyedCommand, UserId } from '@everywire/chat';
import { append, type Given, isOpen, join, openUsers, type TrueConversation } from './truth.js';

/** An invitation to a group in the truth, which is the expected state that the simulation computes. */
export interface TrueInvite {
  readonly id: string;
  readonly secret: string;
  readonly creator: UserId;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly usesMax: number | null;
  uses: number;
  /** Whether it is no longer listed: it was revoked, or it was already unusable when another one was created. */
  gone: boolean;
}

/** Returns whether a user can join by this invitation at time `now`. */
export function isGood(conversation: TrueConversation, invite: TrueInvite, now: number): boolean {
  const { expiresAt, usesMax, uses, gone, creator } = invite;
  if (gone || !mayInvite(conversation, creator)) return false;
  return (expiresAt === null || now < expiresAt) && (usesMax === null || uses < usesMax);
}

/** Returns whether the user may create invitations. CH-47: invitations of anyone else are invalid and not listed. */
export function mayInvite(conversation: TrueConversation, user: UserId): boolean {
  const role = conversation.members.get(user)?.role;
  return isOpen(conversation, user) && (role === 'owner' || role === 'admin');
}

/** Returns whether the command concerns invitations or joins a group. */
export function isGate(command: KeyedCommand): command is InviteCommand {
  return command.command === 'createInvite' || command.command === 'revokeInvite' || command.command === 'join';
}

/** Applies such a command, which the server accepted, to the truth. `small` is the most members of a small conversation. */
export function acceptGate(
  conversation: TrueConversation,
  actor: UserId,
  command: InviteCommand,
  { invite, small, now }: Pick<Given, 'invite' | 'small' | 'now'>,
): void {
  const { invites } = conversation;
  switch (command.command) {
    case 'createInvite': {
      if (invite === null) return;
      for (const each of invites) each.gone ||= !isGood(conversation, each, now);
      const { secret, expiresAt, usesMax } = command;
      invites.push({ id: invite, secret, creator: actor, createdAt: now, expiresAt, usesMax, uses: 0, gone: false });
      return;
    }
    case 'revokeInvite': {
      const revoked = invites.find(({ id }) => id === command.invite);
      if (revoked !== undefined) revoked.gone = true;
      return;
    }
    case 'join': {
      if (isOpen(conversation, actor)) return;
      const used = invites.find(({ secret }) => secret === command.secret);
      if (used !== undefined) used.uses += 1;
      append(conversation, { sender: actor, text: null, commandId: command.id });
      join(conversation, actor);
      conversation.large ||= openUsers(conversation).length > small;
    }
  }
}
