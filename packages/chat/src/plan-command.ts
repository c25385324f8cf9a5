import type { CommandContext } from './command-context.js';
import type { CommandPlan } from './command-plan.js';
import { planCreateChannel, planCreateDirect, planCreateGroup, planCreateNotes } from './decide-create.js';
import { planDelete } from './decide-delete.js';
import { planEdit, planRecall } from './decide-edit.js';
import { planConfigure, planSetPicture, planSetRole } from './decide-group.js';
import { planHide } from './decide-hide.js';
import { planCreateInvite, planJoin, planRevokeInvite } from './decide-invites.js';
import { planPin, planReact } from './decide-marks.js';
import { planAdd, planLeave, planRemove } from './decide-members.js';
import { planOwn } from './decide-own.js';
import { planBlock, planSetReceipts } from './decide-privacy.js';
import { planRename } from './decide-rename.js';
import { planForward, planSend } from './decide-send.js';
import { checkDecision } from './decision-invariants.js';
import type { Mentions } from './message.js';
import type { MessageName } from './model.js';
import type { KeyedCommand } from './wire.js';
import type { MessageCommand } from './wire-messages.js';

/**
 * Prepares a parsed command for `Store.change`, or refuses it. The plan says which rows the command needs and how to decide it.
 * The caller must first check that the users whom the command names exist (`not_found`), because the store has no accounts.
 *
 * ```ts
 * const plan = planCommand(command, { actor, now, messageId, limits }); if (plan.outcome === 'refused') return plan;
 * const key = { user: actor, id: command.id, hash: hash(commandText(command)), at: now }; const outcome = await
 * store.change({ ...plan, key }); if (outcome.outcome === 'committed') publish(outcome.notices);
 * ```
 */
export function planCommand(command: KeyedCommand, context: CommandContext): CommandPlan {
  const plan = planUnchecked(command, context);
  if (plan.outcome === 'refused') return plan;
  return { ...plan, decide: (rows) => checkDecision(rows, plan.decide(rows)) };
}

/** Prepares a command like `planCommand`, without the check of invariants. */
function planUnchecked(command: KeyedCommand, context: CommandContext): CommandPlan {
  switch (command.command) {
    case 'createDirect':
      return planCreateDirect(command, context);
    case 'createGroup':
      return planCreateGroup(command, context);
    case 'send':
      return planSend(command, context);
    case 'forward':
      return planForward(command, context);
    case 'edit':
      return planEdit(command, context);
    case 'recall':
      return planRecall(command, context);
    case 'react':
      return planReact(command, context);
    case 'pin':
      return planPin(command, context);
    case 'hide':
      return planHide(command, context);
    case 'add':
      return planAdd(command, context);
    case 'remove':
      return planRemove(command, context);
    case 'leave':
      return planLeave(command, context);
    case 'rename':
      return planRename(command, context);
    case 'arrange':
    case 'mute':
    case 'notify':
    case 'mark':
    case 'clear':
    case 'dismiss':
      return planOwn(command, context);
    case 'createInvite':
      return planCreateInvite(command, context);
    case 'revokeInvite':
      return planRevokeInvite(command, context);
    case 'join':
      return planJoin(command, context);
    case 'block':
      return planBlock(command, context);
    case 'setReceipts':
      return planSetReceipts(command, context);
    case 'createChannel':
      return planCreateChannel(command, context);
    case 'createNotes':
      return planCreateNotes(command, context);
    case 'setRole':
      return planSetRole(command, context);
    case 'configure':
      return planConfigure(command, context);
    case 'setPicture':
      return planSetPicture(command, context);
    case 'delete':
      return planDelete(command, context);
  }
}

/**
 * Returns a command without its id as text. Commands with the same meaning have the same text. The hash of the text is
 * stored with the command's key, so that the server detects another command with the same id (CH-18).
 */
export function commandText(command: KeyedCommand): string {
  switch (command.command) {
    case 'createDirect':
      return JSON.stringify(['createDirect', command.peer, ...(command.begins === undefined ? [] : [command.begins])]);
    case 'createGroup':
      return JSON.stringify(['createGroup', command.name, command.users]);
    case 'add':
      return JSON.stringify(['add', command.conversation, command.users]);
    case 'remove':
      return JSON.stringify(['remove', command.conversation, command.user]);
    case 'leave':
    case 'delete':
      return JSON.stringify([command.command, command.conversation]);
    case 'rename':
      return JSON.stringify(['rename', command.conversation, command.name]);
    case 'createInvite': {
      const { conversation, secret, expiresAt, usesMax } = command;
      return JSON.stringify(['createInvite', conversation, secret, expiresAt, usesMax]);
    }
    case 'revokeInvite':
      return JSON.stringify(['revokeInvite', command.conversation, command.invite]);
    case 'join':
      return JSON.stringify(['join', command.conversation, command.secret]);
    case 'block':
      return JSON.stringify(['block', command.user, command.blocked]);
    case 'setReceipts':
      return JSON.stringify(['setReceipts', command.on]);
    case 'arrange':
      return JSON.stringify(['arrange', command.conversation, command.place]);
    case 'mute':
      return JSON.stringify(['mute', command.conversation, command.until]);
    case 'notify':
      return JSON.stringify(['notify', command.conversation, command.rule]);
    case 'mark':
      return JSON.stringify(['mark', command.conversation, command.marked]);
    case 'clear':
      return JSON.stringify(['clear', command.conversation, command.sequence]);
    case 'dismiss':
      return JSON.stringify(['dismiss', command.conversation]);
    case 'createChannel':
      return JSON.stringify(['createChannel', command.name, command.join]);
    case 'createNotes':
      return JSON.stringify(['createNotes']);
    case 'setRole':
      return JSON.stringify(['setRole', command.conversation, command.user, command.role]);
    case 'configure': {
      const { send, add, rename, join } = command.settings;
      return JSON.stringify(['configure', command.conversation, send, add, rename, join]);
    }
    case 'setPicture':
      return JSON.stringify(['setPicture', command.conversation, command.file]);
    default:
      return messageCommandText(command);
  }
}

function messageCommandText(command: MessageCommand): string {
  const { conversation } = command;
  switch (command.command) {
    case 'send': {
      const { text, quote, mentions, thread, files } = command;
      // Omits the draft, which is not part of the message. The text of a message without quote, mentions, thread and
      // files keeps its original form, so that keys stored by older programs stay valid.
      const marks = [quote && nameText(quote), mentions && mentionsText(mentions), thread && nameText(thread)];
      if (files !== undefined) return JSON.stringify(['send', conversation, text, ...marks, files.join()]);
      const plain = marks.every((mark) => mark === undefined);
      return JSON.stringify(['send', conversation, text, ...(plain ? [] : marks)]);
    }
    case 'forward':
      return JSON.stringify(['forward', conversation, command.from, nameText(command.message)]);
    case 'edit': {
      const { message, base, text, mentions } = command;
      return JSON.stringify(['edit', conversation, nameText(message), base, text, mentions && mentionsText(mentions)]);
    }
    case 'recall':
      return JSON.stringify(['recall', conversation, nameText(command.message)]);
    case 'react':
      return JSON.stringify(['react', conversation, nameText(command.message), command.emoji, command.set]);
    case 'pin':
      return JSON.stringify(['pin', conversation, nameText(command.message), command.set]);
    case 'hide':
      return JSON.stringify(['hide', conversation, ...command.messages.map(nameText)]);
  }
}

/** Returns the name of a message as text. Unlike JSON, the text does not depend on the order of the name's fields. */
function nameText({ sequence, id }: MessageName): string {
  return `${sequence} ${id}`;
}

function mentionsText({ users, all }: Mentions): string {
  return `${all} ${users.join()}`;
}
