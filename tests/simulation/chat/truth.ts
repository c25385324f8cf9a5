import type { ConversationId, KeyedCommand, UserId } from '@everywire/chat';

interface TrueMessage {
  readonly sender: UserId;
  /** `null`: a service message. */
  text: string | null;
  readonly commandId: string;
  modification: number;
}

interface TrueMember {
  readonly periods: {
    readonly from: number;
    to: number | null;
    toModification: number | null;
    endedName: string | null;
  }[];
  read: number;
  delivered: number;
}

export interface TrueConversation {
  readonly kind: 'direct' | 'group';
  name: string;
  modification: number;
  large: boolean;
  readonly owner: UserId;
  readonly messages: TrueMessage[];
  readonly members: Map<UserId, TrueMember>;
}

/**
 * What ought to be true, kept beside the store by looking at accepted commands alone, with no counter, stamp or cursor of the
 * domain's. It is plain data, so a restore is a copy.
 */
export interface Truth {
  readonly conversations: Map<ConversationId, TrueConversation>;
}

export function emptyTruth(): Truth {
  return { conversations: new Map() };
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
  return conversation.messages.map((_, index) => index + 1).filter((sequence) => maySee(conversation, user, sequence));
}

/** CH-19, by counting. */
export function unreadOf(conversation: TrueConversation, user: UserId): number {
  const from = conversation.members.get(user)?.periods.at(-1)?.from ?? 1;
  const read = conversation.members.get(user)?.read ?? 0;
  return conversation.messages.filter((message, index) => {
    const sequence = index + 1;
    return message.text !== null && message.sender !== user && sequence > read && sequence >= from;
  }).length;
}

function append(conversation: TrueConversation, sender: UserId, text: string | null, commandId: string): number {
  conversation.messages.push({ sender, text, commandId, modification: 0 });
  return headOf(conversation);
}

function join(conversation: TrueConversation, user: UserId): void {
  const from = headOf(conversation);
  const member = conversation.members.get(user) ?? { periods: [], read: 0, delivered: 0 };
  member.periods.push({ from, to: null, toModification: null, endedName: null });
  member.read = from - 1;
  member.delivered = from - 1;
  conversation.members.set(user, member);
}

function end(conversation: TrueConversation, user: UserId): void {
  const last = conversation.members.get(user)?.periods.at(-1);
  if (last === undefined) return;
  last.to = headOf(conversation);
  last.toModification = conversation.modification;
  last.endedName = conversation.name;
}

/** An accepted command, in commit order. `created` is the id that the store gave. */
export function accept(
  truth: Truth,
  actor: UserId,
  command: KeyedCommand,
  { created, small }: { created: ConversationId | null; small: number },
): void {
  if (command.command === 'createDirect' || command.command === 'createGroup') {
    if (created === null || truth.conversations.has(created)) return;
    const group = command.command === 'createGroup';
    const conversation: TrueConversation = {
      kind: group ? 'group' : 'direct',
      name: group ? command.name : '',
      modification: 0,
      large: false,
      owner: actor,
      messages: [],
      members: new Map(),
    };
    append(conversation, actor, null, command.id);
    for (const user of new Set([actor, ...(group ? command.users : [command.peer])])) join(conversation, user);
    conversation.large = openUsers(conversation).length > small;
    truth.conversations.set(created, conversation);
    return;
  }
  const conversation = truth.conversations.get(command.conversation);
  if (conversation !== undefined) acceptIn(conversation, actor, command, small);
}

type CommandInside = Exclude<KeyedCommand, { readonly command: 'createDirect' | 'createGroup' }>;

function acceptIn(conversation: TrueConversation, actor: UserId, command: CommandInside, small: number): void {
  switch (command.command) {
    case 'send':
      append(conversation, actor, command.text, command.id);
      return;
    case 'rename':
      if (conversation.name === command.name) return;
      conversation.name = command.name;
      append(conversation, actor, null, command.id);
      return;
    case 'add': {
      const joining = [...new Set(command.users)].filter((user) => !isOpen(conversation, user));
      if (joining.length === 0) return;
      append(conversation, actor, null, command.id);
      for (const user of joining) join(conversation, user);
      conversation.large ||= openUsers(conversation).length > small;
      return;
    }
    case 'remove':
    case 'leave': {
      const user = command.command === 'leave' ? actor : command.user;
      if (!isOpen(conversation, user)) return;
      append(conversation, actor, null, command.id);
      end(conversation, user);
    }
  }
}

export function acceptTouch(truth: Truth, id: ConversationId, sequence: number, text: string): void {
  const conversation = truth.conversations.get(id);
  const message = conversation?.messages[sequence - 1];
  if (conversation === undefined || message === undefined) return;
  conversation.modification += 1;
  message.modification = conversation.modification;
  message.text = text;
}

export function acceptRead(truth: Truth, id: ConversationId, user: UserId, sequence: number): void {
  const conversation = truth.conversations.get(id);
  const member = conversation?.members.get(user);
  if (conversation === undefined || member === undefined) return;
  member.read = Math.max(member.read, Math.min(sequence, headOf(conversation)));
  member.delivered = Math.max(member.delivered, member.read);
}

export function acceptDelivered(truth: Truth, id: ConversationId, user: UserId, sequence: number): void {
  const conversation = truth.conversations.get(id);
  const member = conversation?.members.get(user);
  if (conversation === undefined || member === undefined || conversation.large) return;
  member.delivered = Math.max(member.delivered, Math.min(sequence, headOf(conversation)));
}
