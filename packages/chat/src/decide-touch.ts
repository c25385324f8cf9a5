import type { CommandContext } from './command-context.js';
import type { CommandDecision, CommandPlan } from './command-plan.js';
import { commitNotices } from './fan-out.js';
import type { Message, MessageMarks, Version } from './message.js';
import type { Conversation, ConversationId, Member, MessageName, UserId } from './model.js';
import { namedMessage } from './named-message.js';
import { type Action, admit } from './permission.js';
import { noChanges, noNeeds, type Refused, type Rows } from './store.js';

/** A message as changed by a command. The caller sets its new modification. */
export interface Touched {
  readonly message: Message;
  readonly versions?: readonly Version[];
}

/** A change of an existing message (a touch), such as an edit, a reaction or a pin. */
export interface Touch {
  readonly conversation: ConversationId;
  readonly name: MessageName;
  readonly action: Action;
  /** Users whose rows are needed, in addition to the actor's. */
  readonly users?: readonly UserId[];
  /** Returns the changed message, a refusal, or `null` if nothing changes. */
  readonly change: (message: Message, parts: TouchParts) => Touched | Refused | null;
}

/** The rows and numbers available to `Touch.change`. */
export interface TouchParts {
  readonly rows: Rows;
  readonly member: Member;
  readonly modification: number;
  /** Number of pinned messages in the conversation. */
  readonly pins: number;
}

/**
 * Plans a change of an existing message (CH-6). It raises the conversation's modification and notifies the users who
 * may see the message.
 */
export function planTouch(touch: Touch, { actor }: CommandContext): CommandPlan {
  const { conversation, name, users = [] } = touch;
  return {
    outcome: 'planned',
    target: { by: 'id', conversation },
    needs: { ...noNeeds, members: [...new Set([actor, ...users])], openMembers: true, messages: [name.sequence] },
    decide: (rows) => decideTouch(rows, touch, actor),
  };
}

/**
 * Decides a touch. If the message does not exist or is not visible, refuses with `not_found`, so that the answer does
 * not reveal whether it exists.
 */
function decideTouch(rows: Rows, { action, name, change }: Touch, actor: UserId): CommandDecision {
  const message = namedMessage(rows, rows.members.get(actor), name);
  const admitted = admit(action, rows, actor, message);
  if (message === null && (admitted.outcome === 'admitted' || admitted.code === 'denied'))
    return { outcome: 'refused', code: 'not_found' };
  if (admitted.outcome === 'refused' || message === null) return admitted as Refused;
  const { conversation: before, member } = admitted;
  const modification = before.modification + 1;
  const touched = change(message, { rows, member, modification, pins: before.pins });
  if (touched === null)
    return { outcome: 'accepted', changes: null, result: { modification: before.modification }, notices: [] };
  return 'outcome' in touched ? touched : writeTouched(rows, before, message, touched);
}

/** Returns the decision that writes a changed message and notifies members of it. */
export function writeTouched(rows: Rows, before: Conversation, message: Message, touched: Touched): CommandDecision {
  const modification = before.modification + 1;
  const after = { ...touched.message, modification };
  const [was, is] = [message.pinned !== undefined, after.pinned !== undefined];
  const shown = was !== is || (was && after.body !== message.body);
  const pinsAt = shown ? modification : before.pinsAt;
  const conversation = { ...before, modification, pins: before.pins + Number(is) - Number(was), pinsAt };
  return {
    outcome: 'accepted',
    changes: { ...noChanges, conversation, touch: [after], versions: touched.versions ?? [] },
    result: { modification },
    notices: commitNotices({
      epoch: rows.epoch,
      before,
      conversation,
      message: after,
      users: rows.open ?? [],
      members: rows.members,
    }),
  };
}

/**
 * Returns the message without some of its marks (optional parts). Deletes the properties, so that they take no space in
 * the stored row.
 */
export function withoutMarks(message: Message, names: readonly (keyof MessageMarks)[]): Message {
  const kept: { -readonly [Key in keyof Message]: Message[Key] } = { ...message };
  for (const name of names) delete kept[name];
  return kept;
}
