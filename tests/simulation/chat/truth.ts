// Longer than 300 lines: one set of facts, read as one.
import type {
  ConversationId,
  ConversationKind,
  Draft,
  GroupSettings,
  InviteCommand,
  KeyedCommand,
  Mentions,
  Message,
  MessageCommand,
  PrivacyCommand,
  Reaction,
  Read,
  Role,
  UserId,
} from '@everywire/chat';
import { acceptGate, isGate, type TrueInvite } from './truth-gates.js';
import { acceptMessageCommand, isMessageCommand } from './truth-messages.js';
import { acceptOwn, freshOwn, type TrueOwn } from './truth-own.js';

export interface TrueMessage {
  readonly sender: UserId;
  /** `null`: a service message, or a recalled one. */
  text: string | null;
  /** Whether it was a text when it was sent. */
  readonly counts: boolean;
  readonly commandId: string;
  /** Never before the time of a message sent before it. */
  sentAt: number;
  modification: number;
  recalled: boolean;
  quote: number | null;
  mentions: Mentions | null;
  /** The sequence of a reply's root. */
  readonly root: number | null;
  forwardedFrom: UserId | null;
  /** Earlier texts, each with the modification of the edit that wrote it. */
  versions: { readonly text: string; readonly modification: number }[];
  /** The modification of the last edit. */
  edited: number;
  pinnedBy: UserId | null;
  reactions: readonly Reaction[];
}

interface TrueMember {
  readonly periods: {
    readonly from: number;
    to: number | null;
    toModification: number | null;
    endedName: string | null;
  }[];
  role: Role;
  read: number;
  /** The read position that others see; cleared messages count as read without being shown. */
  shown: number;
  delivered: number;
  own: TrueOwn;
  /** `revision` counts its changes, across memberships. */
  draft: Draft;
  readonly hidden: Set<number>;
  /** The read position of each followed thread. */
  readonly follows: Map<number, number>;
  /** Whether another person ended the last membership. */
  removed: boolean;
}

export interface TrueConversation {
  readonly kind: ConversationKind;
  /** The owner when the conversation was deleted. */
  deletedFrom: UserId | null;
  name: string;
  modification: number;
  large: boolean;
  settings: GroupSettings;
  picture: string | null;
  readonly invites: TrueInvite[];
  /** The message that last announced a changed role. */
  rolesAt: number;
  /** When the last message was sent that moved the conversation up in lists. */
  activity: number;
  readonly messages: TrueMessage[];
  readonly members: Map<UserId, TrueMember>;
}

/**
 * The true state, kept next to the store and derived only from accepted commands, without any counter, stamp or cursor
 * of the domain. It is plain data, so a restore is a copy.
 */
export interface Truth {
  readonly conversations: Map<ConversationId, TrueConversation>;
  /** `user blocked`. */
  readonly blocks: Set<string>;
  /** Users who hide their receipts. */
  readonly silent: Set<UserId>;
}

export function emptyTruth(): Truth {
  return { conversations: new Map(), blocks: new Set(), silent: new Set() };
}

export function headOf(conversation: TrueConversation): number {
  return conversation.messages.length;
}

export function isOpen(conversation: TrueConversation | undefined, user: UserId): boolean {
  const last = conversation?.members.get(user)?.periods.at(-1);
  return last !== undefined && last.to === null;
}

export function openUsers(conversation: TrueConversation): readonly UserId[] {
  return [...conversation.members.keys()].filter((user) => isOpen(conversation, user));
}

/** CH-3. */
export function maySee(conversation: TrueConversation | undefined, user: UserId, sequence: number): boolean {
  const periods = conversation?.members.get(user)?.periods ?? [];
  return periods.some(({ from, to }) => sequence >= from && (to === null || sequence <= to));
}

export function visible(conversation: TrueConversation, user: UserId): readonly number[] {
  const cleared = conversation.members.get(user)?.own.cleared ?? 0;
  const sequences = conversation.messages.map((_, index) => index + 1);
  return sequences.filter((sequence) => sequence > cleared && maySee(conversation, user, sequence));
}

export function append(
  conversation: TrueConversation,
  message: Pick<TrueMessage, 'sender' | 'text' | 'commandId'> & Partial<TrueMessage>,
): number {
  conversation.messages.push({
    counts: message.text !== null,
    sentAt: 0,
    modification: 0,
    recalled: false,
    quote: null,
    mentions: null,
    root: null,
    forwardedFrom: null,
    versions: [],
    edited: 0,
    pinnedBy: null,
    reactions: [],
    ...message,
  });
  return headOf(conversation);
}

export function join(conversation: TrueConversation, user: UserId): void {
  const from = headOf(conversation);
  const role = conversation.kind === 'channel' ? 'reader' : 'member';
  const fresh: TrueMember = {
    periods: [],
    role,
    read: 0,
    shown: 0,
    delivered: 0,
    own: freshOwn(),
    removed: false,
    draft: { text: '', revision: 0 },
    hidden: new Set<number>(),
    follows: new Map<number, number>(),
  };
  const member = conversation.members.get(user) ?? fresh;
  member.role = role;
  member.periods.push({ from, to: null, toModification: null, endedName: null });
  member.read = from - 1;
  member.shown = from - 1;
  member.delivered = from - 1;
  member.own = { ...freshOwn(), cleared: member.own.cleared };
  conversation.members.set(user, member);
}

/** The owner leaves: the heir has the highest role, then the longest membership, then the lowest id. */
function inherit(conversation: TrueConversation, owner: UserId): void {
  const order: readonly Role[] = ['admin', 'member', 'reader'];
  const [heir] = openUsers(conversation)
    .filter((user) => user !== owner)
    .map((user) => ({ user, member: conversation.members.get(user) }))
    .sort((a, b) => key(a.member, a.user) - key(b.member, b.user));
  if (heir?.member !== undefined) heir.member.role = 'owner';
  function key(member: TrueMember | undefined, user: UserId): number {
    return order.indexOf(member?.role ?? 'reader') * 1e9 + (member?.periods.at(-1)?.from ?? 0) * 1e3 + user;
  }
}

function end(conversation: TrueConversation, user: UserId): void {
  const member = conversation.members.get(user);
  const last = member?.periods.at(-1);
  if (member === undefined || last === undefined) return;
  if (member.role === 'owner') inherit(conversation, user);
  member.role = 'member';
  member.own.mark = false;
  member.follows.clear();
  last.to = headOf(conversation);
  last.toModification = conversation.modification;
  last.endedName = conversation.name;
}

/** Applies an accepted command, in commit order. `created` and `invite` are the ids that the store assigned. */
export function accept(truth: Truth, actor: UserId, command: KeyedCommand, given: Given): void {
  const { created, small, now } = given;
  if (isCreation(command)) {
    if (created === null || truth.conversations.has(created)) return;
    const conversation = create(actor, command, small);
    sentAfter(conversation, 0, { now, passing: false });
    truth.conversations.set(created, conversation);
    return;
  }
  if (command.command === 'block') {
    truth.blocks[command.blocked ? 'add' : 'delete'](`${actor} ${command.user}`);
    return;
  }
  if (command.command === 'setReceipts') {
    truth.silent[command.on ? 'delete' : 'add'](actor);
    return;
  }
  const conversation = truth.conversations.get(command.conversation);
  if (conversation === undefined) return;
  const before = headOf(conversation);
  acceptInside(conversation, actor, command, given);
  const comingOrGoing = command.command === 'join' || command.command === 'leave';
  sentAfter(conversation, before, { now, passing: conversation.kind === 'channel' && comingOrGoing });
}

function acceptInside(conversation: TrueConversation, actor: UserId, command: CommandInside, given: Given): void {
  if (isMessageCommand(command)) acceptMessageCommand(conversation, actor, command, given.forwarded);
  else if (isGate(command)) acceptGate(conversation, actor, command, given);
  else acceptIn(conversation, actor, command, given.small);
}

/** Gives the appended messages their time; a join to or leave of a channel moves it up in no list (CH-24). */
function sentAfter(
  conversation: TrueConversation,
  before: number,
  { now, passing }: { readonly now: number; readonly passing: boolean },
): void {
  for (const message of conversation.messages.slice(before)) {
    message.sentAt = Math.max(conversation.activity, now);
    if (!passing) conversation.activity = message.sentAt;
  }
}

export interface Given {
  /** When the command was issued. */
  readonly now: number;
  readonly created: ConversationId | null;
  readonly invite: string | null;
  readonly small: number;
  readonly forwarded: Message | null;
}

export type Creation = Extract<
  KeyedCommand,
  { readonly command: 'createDirect' | 'createGroup' | 'createChannel' | 'createNotes' }
>;
export type CommandInside = Exclude<KeyedCommand, Creation | PrivacyCommand>;

export function isCreation(command: KeyedCommand): command is Creation {
  return Object.hasOwn(kinds, command.command);
}

function create(actor: UserId, command: Creation, small: number): TrueConversation {
  const kind = kinds[command.command];
  const channel = kind === 'channel';
  const settings: GroupSettings = {
    send: 'members',
    add: channel ? 'admins' : 'members',
    rename: channel ? 'admins' : 'members',
    join: 'join' in command ? command.join : 'invited',
  };
  const name = 'name' in command ? command.name : '';
  const conversation: TrueConversation = {
    kind,
    name,
    settings,
    picture: null,
    modification: 0,
    large: channel,
    deletedFrom: null,
    invites: [],
    rolesAt: 0,
    activity: 0,
    messages: [],
    members: new Map(),
  };
  append(conversation, { sender: actor, text: null, commandId: command.id });
  const others = 'users' in command ? command.users : 'peer' in command ? [command.peer] : [];
  for (const user of new Set([actor, ...others])) join(conversation, user);
  const creator = conversation.members.get(actor);
  if (creator !== undefined && (channel || kind === 'group')) creator.role = 'owner';
  conversation.large ||= openUsers(conversation).length > small;
  return conversation;
}

const kinds: { readonly [Each in Creation['command']]: ConversationKind } = {
  createDirect: 'direct',
  createGroup: 'group',
  createChannel: 'channel',
  createNotes: 'notes',
};

function acceptIn(
  conversation: TrueConversation,
  actor: UserId,
  command: Exclude<CommandInside, MessageCommand | InviteCommand>,
  small: number,
): void {
  const service = { sender: actor, text: null, commandId: command.id };
  switch (command.command) {
    case 'rename':
    case 'setPicture':
    case 'configure':
      if (acceptSaid(conversation, command)) append(conversation, service);
      return;
    case 'add': {
      const joining = [...new Set(command.users)].filter((user) => !isOpen(conversation, user));
      if (joining.length === 0) return;
      append(conversation, service);
      for (const user of joining) join(conversation, user);
      conversation.large ||= openUsers(conversation).length > small;
      return;
    }
    case 'remove':
    case 'leave': {
      const user = command.command === 'leave' ? actor : command.user;
      if (!isOpen(conversation, user)) return;
      append(conversation, service);
      end(conversation, user);
      const ended = conversation.members.get(user);
      if (ended !== undefined) ended.removed = command.command === 'remove';
      return;
    }
    case 'arrange':
    case 'mute':
    case 'notify':
    case 'mark':
    case 'clear':
    case 'dismiss':
      acceptOwn(conversation, actor, command);
      return;
    case 'setRole':
      acceptRole(conversation, actor, command);
      return;
    case 'delete':
      acceptDelete(conversation, actor, command.id);
  }
}

/** Applies a change to the data of a conversation; returns whether it changed. */
function acceptSaid(
  conversation: TrueConversation,
  command: Extract<CommandInside, { readonly command: 'rename' | 'setPicture' | 'configure' }>,
): boolean {
  const said = () => JSON.stringify([conversation.name, conversation.picture, sortedKeys(conversation.settings)]);
  const before = said();
  if (command.command === 'rename') conversation.name = command.name;
  else if (command.command === 'setPicture') conversation.picture = command.file;
  else conversation.settings = command.settings;
  return said() !== before;
}

function acceptDelete(conversation: TrueConversation, actor: UserId, commandId: string): void {
  if (conversation.deletedFrom !== null) return;
  append(conversation, { sender: actor, text: null, commandId });
  for (const user of openUsers(conversation)) if (user !== actor) end(conversation, user);
  end(conversation, actor);
  for (const invite of conversation.invites) invite.gone = true;
  conversation.deletedFrom = actor;
}

function sortedKeys(settings: GroupSettings): readonly unknown[] {
  return Object.entries(settings).sort();
}

function acceptRole(
  conversation: TrueConversation,
  actor: UserId,
  { id, user, role }: Extract<KeyedCommand, { readonly command: 'setRole' }>,
): void {
  const [own, other] = [conversation.members.get(actor), conversation.members.get(user)];
  if (own === undefined || other === undefined || other.role === role) return;
  conversation.rolesAt = append(conversation, { sender: actor, text: null, commandId: id });
  other.role = role;
  if (role === 'owner') own.role = 'admin';
}

export function acceptRead(truth: Truth, user: UserId, { conversation: id, sequence, thread }: Read): void {
  const conversation = truth.conversations.get(id);
  const member = conversation?.members.get(user);
  if (conversation === undefined || member === undefined) return;
  if (thread !== undefined) {
    const read = member.follows.get(thread);
    const clamped = Math.min(sequence, headOf(conversation));
    if (read !== undefined) member.follows.set(thread, Math.max(read, clamped));
    return;
  }
  const reached = Math.min(sequence, headOf(conversation));
  if (reached > member.read) {
    member.read = reached;
    if (!truth.silent.has(user)) member.shown = Math.max(member.shown, reached);
    member.delivered = Math.max(member.delivered, reached);
  }
  member.own.mark = false;
}

export function acceptDelivered(truth: Truth, id: ConversationId, user: UserId, sequence: number): void {
  const conversation = truth.conversations.get(id);
  const member = conversation?.members.get(user);
  if (conversation === undefined || member === undefined || conversation.large) return;
  member.delivered = Math.max(member.delivered, Math.min(sequence, headOf(conversation)));
}
