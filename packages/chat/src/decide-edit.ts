import type { ChatErrorCode } from './chat-error-codes.js';
import type { CommandContext } from './command-context.js';
import type { CommandPlan } from './command-plan.js';
import { planTouch, type Touched, type TouchParts, withoutMarks } from './decide-touch.js';
import type { Mentions, Message } from './message.js';
import { messageRow } from './message-row.js';
import type { UserId } from './model.js';
import { mentionsIn } from './named-message.js';
import { checkPermission, keepsOrder } from './permission.js';
import type { Refused } from './store.js';
import type { Edit, Recall } from './wire-messages.js';

/**
 * Plans to edit the actor's own text. The previous text is kept as a version. If the actor has not seen the last edit
 * (`base` is stale), nothing is overwritten.
 */
export function planEdit(command: Edit, context: CommandContext): CommandPlan {
  const users = command.mentions?.users ?? [];
  if (users.length > context.limits.mentionsMax) return refused('too_many');
  const { conversation, message: name } = command;
  const change = (message: Message, parts: TouchParts): Touched | Refused | null =>
    editMessage(message, command, parts, context);
  return planTouch({ conversation, name, action: 'edit', users, change }, context);
}

/** Returns the edited message with its previous text, a refusal, or `null` if text and mentions are unchanged. */
function editMessage(
  message: Message,
  command: Edit,
  { rows, member, modification }: TouchParts,
  { now, limits }: CommandContext,
): Touched | Refused | null {
  const { body, edited } = message;
  if (body.kind !== 'text') return refused('denied');
  const forbidden = command.mentions?.all ? checkPermission('mentionAll', rows.conversation, member) : null;
  if (forbidden !== null) return refused(forbidden);
  const mentions = mentionsIn(rows, member.user, command.mentions);
  if (body.text === command.text && isSame(mentions, message.mentions ?? null)) return null;
  const base = edited?.modification ?? 0;
  if (command.base !== base) return { outcome: 'refused', code: 'edit_conflict', row: messageRow(message) };
  if (now - message.sentAt > limits.editMs) return refused('too_late');
  const count = (edited?.count ?? 0) + 1;
  if (count > limits.editsMax) return refused('too_many');
  const { conversation, sequence, sentAt } = message;
  return {
    message: {
      ...withoutMarks(message, ['mentions']),
      body: { ...body, text: command.text },
      edited: { at: now, modification, count },
      ...(mentions && { mentions }),
    },
    versions: [{ conversation, sequence, modification: base, body, at: edited?.at ?? sentAt }],
  };
}

/** Plans to empty a message for everyone. The message keeps its place in the log, and replies to it stay. */
export function planRecall(command: Recall, context: CommandContext): CommandPlan {
  const { conversation, message: name } = command;
  const { now, limits, actor } = context;
  return planTouch(
    {
      conversation,
      name,
      action: 'recall',
      change: (message, { member }) => {
        if (message.body.kind === 'recalled') return null;
        if (message.body.kind === 'service') return refused('denied');
        if (!keepsOrder(member) && now - message.sentAt > limits.recallMs) return refused('too_late');
        return { message: emptyMessage(message, actor) };
      },
    },
    context,
  );
}

/** Returns the message as it is after user `by` has recalled it. */
export function emptyMessage(message: Message, by: UserId): Message {
  const emptied = withoutMarks(message, ['quote', 'mentions', 'forwarded', 'edited', 'pinned', 'reactions']);
  return { ...emptied, body: { kind: 'recalled', by } };
}

function refused(code: ChatErrorCode): Refused {
  return { outcome: 'refused', code };
}

/** Returns whether two messages mention the same users, in the same order. */
function isSame(a: Mentions | null, b: Mentions | null): boolean {
  if (a === null || b === null) return a === b;
  return a.all === b.all && a.users.join() === b.users.join();
}
