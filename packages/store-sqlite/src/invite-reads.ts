import { type ChatLimits, type Conversation, checkPermission, type Store, type UserId } from '@everywire/chat';
import { isGoodInvite, mayInvite, outlineOf } from '@everywire/chat/internal';
import { findOpenMember } from './log-reads.js';
import type { Tables } from './tables.js';

type InviteReads = {
  readonly [Method in 'invites' | 'invitation' | 'directory' | 'privacy' | 'blockedBy']: (
    ...question: Parameters<Store[Method]>
  ) => Awaited<ReturnType<Store[Method]>>;
};

/** Creates the reads of the port about invitations and privacy. */
export function createInviteReads(tables: Tables, limits: ChatLimits): InviteReads {
  const { epoch, invites, privacy } = tables;
  const invitingIn = (conversation: Conversation, creator: UserId) => ({
    conversation,
    creator: tables.members.get(conversation.id, creator),
  });
  return {
    invites: (user, id) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return { outcome: 'not_member', epoch };
      if (checkPermission('invite', asking.conversation, asking.member) !== null) return { outcome: 'denied', epoch };
      const ordered = invites.of(id).toSorted((a, b) => a.createdAt - b.createdAt);
      const good = ordered.filter(({ creator }) => mayInvite(invitingIn(asking.conversation, creator)));
      const shown = good.map(({ conversation: _conversation, hash: _hash, ...entry }) => entry);
      return { outcome: 'invites', epoch, invites: shown };
    },

    invitation: (id, hash, now) => {
      const conversation = tables.conversations.get(id);
      if (conversation === null || conversation.deleted) return { outcome: 'not_found' };
      const invite = invites.of(id).find((each) => each.hash === hash);
      const open = hash === null && conversation.settings.join === 'anyone';
      if (invite === undefined && !open) return { outcome: 'not_found' };
      if (invite !== undefined && !isGoodInvite(invite, now, invitingIn(conversation, invite.creator)))
        return { outcome: 'invite_ended' };
      return { outcome: 'invitation', outline: outlineOf(conversation), creator: invite?.creator ?? null };
    },

    directory: (query, after, limit) => invites.directory(query, after, Math.min(limit, limits.directoryPageMax + 1)),
    privacy: (user) => privacy.of(user),
    blockedBy: (user, others) => new Set(others.filter((other) => privacy.blocks(other, user))),
  };
}
