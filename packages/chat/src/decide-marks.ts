import type { CommandContext } from './command-context.js';
import type { CommandPlan } from './command-plan.js';
import { planTouch, withoutMarks } from './decide-touch.js';
import type { ChatLimits } from './limits.js';
import type { Message, Reaction } from './message.js';
import type { UserId } from './model.js';
import type { Pin, React } from './wire-messages.js';

/** Plans to set or remove the actor's own reaction. A user can set each emoji once on a message. */
export function planReact(command: React, context: CommandContext): CommandPlan {
  const { conversation, message: name, emoji, set } = command;
  const { actor, limits } = context;
  return planTouch(
    {
      conversation,
      name,
      action: 'react',
      change: (message) => {
        if (message.body.kind !== 'text') return { outcome: 'refused', code: 'denied' };
        const before = message.reactions ?? [];
        const isSet = before.some((reaction) => reaction.emoji === emoji && reaction.users.includes(actor));
        if (isSet === set) return null;
        const reactions = set ? withReaction(before, emoji, actor) : withoutReaction(before, emoji, actor);
        if (set && isTooMany(reactions, limits)) return { outcome: 'refused', code: 'too_many' };
        return { message: withReactions(message, reactions) };
      },
    },
    context,
  );
}

function withReaction(before: readonly Reaction[], emoji: string, user: UserId): readonly Reaction[] {
  if (!before.some((reaction) => reaction.emoji === emoji)) return [...before, { emoji, users: [user] }];
  return before.map((reaction) => (reaction.emoji === emoji ? { emoji, users: [...reaction.users, user] } : reaction));
}

function withoutReaction(before: readonly Reaction[], emoji: string, user: UserId): readonly Reaction[] {
  return before
    .map((reaction) =>
      reaction.emoji === emoji ? { emoji, users: reaction.users.filter((each) => each !== user) } : reaction,
    )
    .filter(({ users }) => users.length > 0);
}

function isTooMany(reactions: readonly Reaction[], limits: ChatLimits): boolean {
  const total = reactions.reduce((sum, { users }) => sum + users.length, 0);
  return reactions.length > limits.reactionEmojisMax || total > limits.reactionsMax;
}

function withReactions(message: Message, reactions: readonly Reaction[]): Message {
  return reactions.length === 0 ? withoutMarks(message, ['reactions']) : { ...message, reactions };
}

/** Plans to pin a message for everyone, or to unpin it. */
export function planPin(command: Pin, context: CommandContext): CommandPlan {
  const { conversation, message: name, set } = command;
  const { actor, now, limits } = context;
  return planTouch(
    {
      conversation,
      name,
      action: 'pin',
      change: (message, { pins }) => {
        if (message.body.kind !== 'text') return set ? { outcome: 'refused', code: 'denied' } : null;
        if ((message.pinned !== undefined) === set) return null;
        if (!set) return { message: withoutMarks(message, ['pinned']) };
        if (pins >= limits.pinsMax) return { outcome: 'refused', code: 'too_many' };
        return { message: { ...message, pinned: { by: actor, at: now } } };
      },
    },
    context,
  );
}
