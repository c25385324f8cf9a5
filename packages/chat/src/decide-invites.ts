import type { CommandContext } from './command-context.js';
import { type CommandDecision, type CommandPlan, nothingToDo } from './command-plan.js';
import { checkRoom, decideMembership } from './decide-members.js';
import { joinMember, newMember } from './membership.js';
import type { Conversation, Invite, Member } from './model.js';
import { admit, checkJoin, checkPermission } from './permission.js';
import { roleOnJoining } from './roles.js';
import { noChanges, noNeeds, type Rows } from './store.js';
import { isMemberOf } from './visibility.js';
import type { CreateInvite, Join, RevokeInvite } from './wire-invites.js';

/** The rows that decide, together with the invitation and the time, whether the invitation can be used. */
interface Inviting {
  readonly conversation: Conversation | null;
  /** The member row of the invitation's creator; `null` or `undefined` if there is none. */
  readonly creator: Member | null | undefined;
}

/** Returns whether an invitation's creator may still invite (CH-47). */
export function mayInvite({ conversation, creator }: Inviting): boolean {
  return checkPermission('invite', conversation, creator) === null;
}

/** Returns whether an invitation can still be used. */
export function isGood(invite: Invite, now: number, inviting: Inviting): boolean {
  const { expiresAt, usesMax, uses } = invite;
  const runs = (expiresAt === null || now < expiresAt) && (usesMax === null || uses < usesMax);
  return runs && mayInvite(inviting);
}

/** Same as `isGood`, on the rows of a change. */
function isGoodIn({ conversation, members }: Rows, invite: Invite, now: number): boolean {
  return isGood(invite, now, { conversation, creator: members.get(invite.creator) });
}

/**
 * Plans to create an invitation. Stores the hash of its secret. Deletes unusable invitations, which do not count for
 * the limit.
 */
export function planCreateInvite(command: CreateInvite, context: CommandContext): CommandPlan {
  const { actor, now, limits, messageId, secretHash } = context;
  const { conversation, expiresAt, usesMax } = command;
  if (secretHash === undefined || (expiresAt !== null && expiresAt <= now))
    return { outcome: 'refused', code: 'invalid' };
  return {
    outcome: 'planned',
    target: { by: 'id', conversation },
    needs: { ...noNeeds, members: [actor], invites: true },
    decide: (rows) => {
      const admitted = admit('invite', rows, actor);
      if (admitted.outcome === 'refused') return admitted;
      const over = rows.invites.filter((invite) => !isGoodIn(rows, invite, now));
      if (rows.invites.length - over.length >= limits.invitesMax) return { outcome: 'refused', code: 'too_many' };
      const counts = { createdAt: now, expiresAt, usesMax, uses: 0 };
      const invite: Invite = { conversation, id: messageId, hash: secretHash, creator: actor, ...counts };
      const invites = { put: [invite], drop: over.map(({ id }) => id) };
      return {
        outcome: 'accepted',
        changes: { ...noChanges, invites },
        result: { invite: invite.id },
        notices: [],
      };
    },
  };
}

/** Plans to end an invitation, so that its link does not admit anyone any more. */
export function planRevokeInvite(command: RevokeInvite, { actor }: CommandContext): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { ...noNeeds, members: [actor], invites: true },
    decide: (rows) => {
      const admitted = admit('invite', rows, actor);
      if (admitted.outcome === 'refused') return admitted;
      if (!rows.invites.some(({ id }) => id === command.invite)) return nothingToDo;
      const invites = { put: [], drop: [command.invite] };
      return { outcome: 'accepted', changes: { ...noChanges, invites }, result: {}, notices: [] };
    },
  };
}

/** Plans to join by an invitation, or without one if anyone may join. */
export function planJoin(command: Join, context: CommandContext): CommandPlan {
  const { conversation } = command;
  return {
    outcome: 'planned',
    target: { by: 'id', conversation },
    needs: { ...noNeeds, members: [context.actor], largeCounts: true, invites: true },
    decide: (rows) => {
      const inside = rows.conversation !== null && isMemberOf(rows.conversation, rows.members.get(context.actor));
      if (inside) return { outcome: 'accepted', changes: null, result: { conversation }, notices: [] };
      return decideJoin(rows, command, context);
    },
  };
}

/** Decides whether the actor joins, and counts the use of the invitation. */
function decideJoin(rows: Rows, command: Join, context: CommandContext): CommandDecision {
  const { actor, limits, secretHash } = context;
  const known = rows.members.get(actor);
  const invite = command.secret === null ? null : rows.invites.find(({ hash }) => hash === secretHash);
  const code = checkJoin(rows.conversation, known, stateOf(rows, invite, context));
  if (code !== null || rows.conversation === null) return { outcome: 'refused', code: code ?? 'not_found' };
  const full = checkRoom(rows, rows.conversation, [actor], context);
  if (full !== null) return { outcome: 'refused', code: full };
  const role = roleOnJoining(rows.conversation.kind);
  const member = known ?? newMember(rows.conversation, actor, role);
  const admitted = { conversation: rows.conversation, member };
  return decideMembership(rows, admitted, {
    context: { ...context, commandId: command.id },
    service: { change: 'joined' },
    by: 1,
    change: (conversation) => [joinMember({ ...member, role }, conversation, limits)],
    recipients: [...(rows.open ?? []), actor],
    alsoWrites: invite ? { invites: { put: [{ ...invite, uses: invite.uses + 1 }], drop: [] } } : {},
    result: { conversation: command.conversation },
  });
}

/**
 * Returns the state of an invitation; `null` if none is used. An invitation of a suspended creator cannot be used until
 * the suspension ends.
 */
function stateOf(
  rows: Rows,
  invite: Invite | null | undefined,
  { now, suspended = [] }: CommandContext,
): 'good' | 'over' | 'unknown' | null {
  if (invite === null) return null;
  if (invite === undefined) return 'unknown';
  return isGoodIn(rows, invite, now) && !suspended.includes(invite.creator) ? 'good' : 'over';
}
