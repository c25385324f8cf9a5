// Longer than 300 lines, because the expected state and its changes are read together.
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

/** A message as it should be. */
export interface TrueMessage {
  readonly sender: UserId;
  /** `null` for a service message (such as "joined") and for a recalled message. */
  text: string | null;
  /** Whether it counts as unread, that is, whether it was a text when it was sent. */
  readonly counts: boolean;
  readonly commandId: string;
  /** Never before the time of an earlier message. */
  sentAt: number;
  /** Number of the last change of this message, counted in the conversation; 0 if it was never changed. */
  modification: number;
  recalled: boolean;
  /** The sequence of the quoted message. */
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

/** A present or former member. */
interface TrueMember {
  /** The memberships, each from one sequence to another. `null` while the membership lasts. */
  readonly periods: {
    readonly from: number;
    to: number | null;
    toModification: number | null;
    /** The name of the conversation when the membership ended. */
    endedName: string | null;
  }[];
  role: Role;
  read: number;
  /** The read position that others see. It may be lower than `read`, because clearing messages does not move it. */
  shown: number;
  delivered: number;
  own: TrueOwn;
  /** `revision` counts its changes, across memberships. */
  draft: Draft;
  readonly hidden: Set<number>;
  /** The read position in each followed thread, by the sequence of its root. */
  readonly follows: Map<number, number>;
  /** Whether another person ended the last membership. */
  removed: boolean;
}

/** A conversation as it should be. */
export interface TrueConversation {
  readonly kind: ConversationKind;
  /** The user who deleted the conversation; `null` if it exists. */
  deletedFrom: UserId | null;
  name: string;
  modification: number;
  large: boolean;
  settings: GroupSettings;
  picture: string | null;
  readonly invites: TrueInvite[];
  /** The sequence of the last message that announced a changed role. */
  rolesAt: number;
  /** When the last message was sent that moved the conversation up in lists. */
  activity: number;
  readonly messages: TrueMessage[];
  readonly members: Map<UserId, TrueMember>;
}

/**
 * The true state: what the store and the devices should contain. The simulation derives it only from the accepted
 * commands, without any code of the product. It is plain data, so a backup of it is a copy.
 */
export interface Truth {
  readonly conversations: Map<ConversationId, TrueConversation>;
  /** The ids of a user and of a user whom they block, separated by a blank. */
  readonly blocks: Set<string>;
  /** Users who do not show others what they have read. */
  readonly silent: Set<UserId>;
}

/** Returns the state of an empty store. */
export function emptyTruth(): Truth {
  return { conversations: new Map(), blocks: new Set(), silent: new Set() };
}

/** Returns the sequence of the last message. */
export function headOf(conversation: TrueConversation): number {
  return conversation.messages.length;
}

/** Returns whether the user is a member now. */
export function isOpen(conversation: TrueConversation | undefined, user: UserId): boolean {
  const last = conversation?.members.get(user)?.periods.at(-1);
  return last !== undefined && last.to === null;
}

/** Returns the present members. */
export function openUsers(conversation: TrueConversation): readonly UserId[] {
  return [...conversation.members.keys()].filter((user) => isOpen(conversation, user));
}

/** CH-3: returns whether the message was sent during a membership of the user. */
export function maySee(conversation: TrueConversation | undefined, user: UserId, sequence: number): boolean {
  const periods = conversation?.members.get(user)?.periods ?? [];
  return periods.some(({ from, to }) => sequence >= from && (to === null || sequence <= to));
}

/** Returns the sequences that the user may see and has not cleared. Hidden messages are included. */
export function visible(conversation: TrueConversation, user: UserId): readonly number[] {
  const cleared = conversation.members.get(user)?.own.cleared ?? 0;
  const sequences = conversation.messages.map((_, index) => index + 1);
  return sequences.filter((sequence) => sequence > cleared && maySee(conversation, user, sequence));
}

/** Appends a message and returns its sequence. */
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

/** Makes the user a member from the last message on. */
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

/**
 * Chooses a new owner when the owner leaves: the member with the highest role, among these with the longest membership,
 * among these with the lowest id.
 */
function inherit(conversation: TrueConversation, owner: UserId): void {
  const order: readonly Role[] = ['admin', 'member', 'reader'];
  const [heir] = openUsers(conversation)
    .filter((user) => user !== owner)
    .map((user) => ({ user, member: conversation.members.get(user) }))
    .sort((a, b) => key(a.member, a.user) - key(b.member, b.user));
  if (heir?.member !== undefined) heir.member.role = 'owner';
  // Orders by role, then by start of the membership, then by id. The factors exceed all values in the simulation.
  function key(member: TrueMember | undefined, user: UserId): number {
    return order.indexOf(member?.role ?? 'reader') * 1e9 + (member?.periods.at(-1)?.from ?? 0) * 1e3 + user;
  }
}

/** Ends the membership of the user with the last message. */
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

/** Applies an accepted command. Must be called in the order of commits. */
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

/**
 * Sets the time of the messages after `before`. They move the conversation up in lists, except messages about users who
 * join or leave a channel (`passing`, CH-24).
 */
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

/** Facts about an accepted command that the command itself does not contain. */
export interface Given {
  /** When the command was issued. */
  readonly now: number;
  /** The id of the conversation that the command created; `null` if it created none. */
  readonly created: ConversationId | null;
  /** The id of the invitation that the command created; `null` if it created none. */
  readonly invite: string | null;
  /** The most members of a small conversation. */
  readonly small: number;
  /** The message that a `forward` copied. */
  readonly forwarded: Message | null;
}

/** A command that creates a conversation. */
export type Creation = Extract<
  KeyedCommand,
  { readonly command: 'createDirect' | 'createGroup' | 'createChannel' | 'createNotes' }
>;
/** A command in an existing conversation. */
export type CommandInside = Exclude<KeyedCommand, Creation | PrivacyCommand>;

/** Returns whether the command creates a conversation. */
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

/** The kind of conversation that each command creates. */
const kinds: { readonly [Each in Creation['command']]: ConversationKind } = {
  createDirect: 'direct',
  createGroup: 'group',
  createChannel: 'channel',
  createNotes: 'notes',
};

/** Applies a command on the members, the data or the personal settings of a conversation. */
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
      if (acceptData(conversation, command)) append(conversation, service);
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

/** Applies a new name, picture or settings to a conversation. Returns whether anything changed. */
function acceptData(
  conversation: TrueConversation,
  command: Extract<CommandInside, { readonly command: 'rename' | 'setPicture' | 'configure' }>,
): boolean {
  const serialize = () => JSON.stringify([conversation.name, conversation.picture, sortedKeys(conversation.settings)]);
  const before = serialize();
  if (command.command === 'rename') conversation.name = command.name;
  else if (command.command === 'setPicture') conversation.picture = command.file;
  else conversation.settings = command.settings;
  return serialize() !== before;
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

/** Applies a read position, in the conversation or in one of its threads. */
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

/** Applies a delivered position. Large conversations have none. */
export function acceptDelivered(truth: Truth, id: ConversationId, user: UserId, sequence: number): void {
  const conversation = truth.conversations.get(id);
  const member = conversation?.members.get(user);
  if (conversation === undefined || member === undefined || conversation.large) return;
  member.delivered = Math.max(member.delivered, Math.min(sequence, headOf(conversation)));
}
