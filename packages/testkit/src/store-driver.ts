import { createHash } from 'node:crypto';
import {
  type ChangeOutcome,
  type ChatLimits,
  type CommandContext,
  type CommandId,
  type CommandPlan,
  type CommandResult,
  type ConversationId,
  commandText,
  type DraftResult,
  type Entry,
  type FileRef,
  type KeyedCommand,
  type ListAnswer,
  type Message,
  type MessageName,
  type Notice,
  type Page,
  planCommand,
  planDelivered,
  planDraft,
  planRead,
  type SendResult,
  type Store,
  type UserId,
} from '@everywire/chat';
import { planTestTouch } from './touch-message.js';

/** A keyed command without its id: each variant keeps its own fields. */
export type Unkeyed = KeyedCommand extends infer Each ? (Each extends KeyedCommand ? Omit<Each, 'id'> : never) : never;

/** The outcome of a command run by the driver. */
export type DriverOutcome = ChangeOutcome<CommandResult, readonly Notice[]>;

/** Runs commands of the domain against a store with a counting clock and counting ids, which keeps tests short. */
export class StoreDriver {
  readonly store: Store;
  readonly #limits: ChatLimits;
  #now = 1_000;
  #ids: number;

  /** @param firstId must exceed the ids of any other driver of the same data */
  constructor(store: Store, limits: ChatLimits, { firstId = 0 }: { readonly firstId?: number } = {}) {
    this.store = store;
    this.#limits = limits;
    this.#ids = firstId;
  }

  /** Returns a new id of 32 hex digits. */
  mintId(): string {
    this.#ids += 1;
    return this.#ids.toString(16).padStart(32, '0');
  }

  /** The clock, which each command advances by one; a test may advance it further. */
  get now(): number {
    return this.#now;
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Runs a command and returns any outcome, for tests of rejections and repetition. */
  async run(actor: UserId, command: KeyedCommand, files: readonly FileRef[] | null = null): Promise<DriverOutcome> {
    this.#now += 1;
    const now = this.#now;
    const messageId = this.mintId().slice(16);
    const read = command.command === 'forward' ? await this.messages(actor, command.from, [command.message]) : [];
    const forwarded = read[0] ?? null;
    const context = { actor, now, messageId, limits: this.#limits, files, forwarded };
    const secret = 'secret' in command ? { secretHash: fakeHash(command.secret) } : {};
    const plan = planCommand(command, { ...context, ...secret });
    if (plan.outcome === 'refused') return plan;
    const hash = createHash('sha256').update(commandText(command)).digest('base64url');
    return this.store.change({ ...plan, key: { user: actor, id: command.id, hash, at: now } });
  }

  /** Runs an internal change that no client can request, in the name of `actor`. */
  async act(
    actor: UserId,
    plan: (context: CommandContext & { readonly commandId: CommandId }) => CommandPlan,
  ): Promise<DriverOutcome> {
    this.#now += 1;
    const commandId = this.mintId();
    const planned = plan({ actor, now: this.#now, messageId: commandId.slice(16), limits: this.#limits, commandId });
    if (planned.outcome === 'refused') return planned;
    return this.store.change({ ...planned, key: { user: actor, id: commandId, hash: '', at: this.#now } });
  }

  /** Runs a command that must succeed. */
  async do(actor: UserId, command: Unkeyed): Promise<CommandResult> {
    const outcome = await this.run(actor, { ...command, id: this.mintId() } as KeyedCommand);
    if (outcome.outcome === 'refused') throw new Error(`${command.command} of ${actor} was refused: ${outcome.code}`);
    return outcome.result;
  }

  async direct(actor: UserId, peer: UserId): Promise<ConversationId> {
    return createdBy(await this.do(actor, { command: 'createDirect', peer }));
  }

  async group(actor: UserId, users: readonly UserId[], name = 'group'): Promise<ConversationId> {
    return createdBy(await this.do(actor, { command: 'createGroup', name, users }));
  }

  async send(actor: UserId, conversation: ConversationId, text = 'text'): Promise<SendResult> {
    const result = await this.do(actor, { command: 'send', conversation, text });
    if (!('sequence' in result)) throw new Error('a send answered no sequence');
    return result;
  }

  async sendMany(actor: UserId, conversation: ConversationId, count: number): Promise<void> {
    for (let sent = 0; sent < count; sent += 1) await this.send(actor, conversation, `text ${sent}`);
  }

  /** Sends a message with extra fields. */
  async sendWith(
    actor: UserId,
    conversation: ConversationId,
    marks: Omit<Extract<Unkeyed, { readonly command: 'send' }>, 'command' | 'conversation' | 'text'>,
  ): Promise<SendResult> {
    const result = await this.do(actor, { command: 'send', conversation, text: 'text', ...marks });
    if (!('sequence' in result)) throw new Error('a send answered no sequence');
    return result;
  }

  /** Runs a command; returns the code of its rejection, or another outcome. */
  async code(actor: UserId, command: Unkeyed): Promise<string> {
    return codeOf(await this.run(actor, { ...command, id: this.mintId() } as KeyedCommand));
  }

  async messages(
    user: UserId,
    conversation: ConversationId,
    names: readonly MessageName[],
  ): Promise<readonly Message[]> {
    const answer = await this.store.messages(user, conversation, names);
    return answer.outcome === 'messages' ? answer.rows : [];
  }

  /** Returns one message as the user sees it. */
  async row(user: UserId, conversation: ConversationId, sequence: number): Promise<Message | undefined> {
    const page = await this.page(user, conversation, { anchor: { at: 'before', sequence: sequence + 1 }, limit: 1 });
    return page.rows.find((row) => row.sequence === sequence);
  }

  add(actor: UserId, conversation: ConversationId, ...users: readonly UserId[]): Promise<CommandResult> {
    return this.do(actor, { command: 'add', conversation, users });
  }

  remove(actor: UserId, conversation: ConversationId, user: UserId): Promise<CommandResult> {
    return this.do(actor, { command: 'remove', conversation, user });
  }

  leave(actor: UserId, conversation: ConversationId): Promise<CommandResult> {
    return this.do(actor, { command: 'leave', conversation });
  }

  rename(actor: UserId, conversation: ConversationId, name: string): Promise<CommandResult> {
    return this.do(actor, { command: 'rename', conversation, name });
  }

  async touch(conversation: ConversationId, sequence: number, text = 'touched'): Promise<readonly Notice[]> {
    this.#now += 1;
    const plan = planTestTouch({ conversation, sequence, text });
    if (plan.outcome === 'refused') throw new Error(`a touch was refused: ${plan.code}`);
    const outcome = await this.store.change({ ...plan, key: { user: 1, id: this.mintId(), hash: '', at: this.#now } });
    if (outcome.outcome !== 'committed') throw new Error('a touch was not committed');
    return outcome.notices;
  }

  async read(
    user: UserId,
    conversation: ConversationId,
    sequence: number,
    thread?: number,
  ): Promise<readonly Notice[]> {
    this.#now += 1;
    const place = thread === undefined ? { conversation, sequence } : { conversation, sequence, thread };
    const plan = planRead({ command: 'read', ...place }, { actor: user, now: this.#now });
    const outcome = await this.store.changeMember({ ...plan, user });
    if (outcome.outcome === 'refused') throw new Error(`read was refused: ${outcome.code}`);
    return outcome.notices;
  }

  async delivered(user: UserId, conversation: ConversationId, sequence: number): Promise<readonly Notice[]> {
    const plan = planDelivered({ command: 'delivered', conversation, sequence }, { now: this.#now });
    const outcome = await this.store.changeMember({ ...plan, user });
    if (outcome.outcome === 'refused') throw new Error(`delivered was refused: ${outcome.code}`);
    return outcome.notices;
  }

  async draft(user: UserId, conversation: ConversationId, text: string, base: number): Promise<DraftResult> {
    const outcome = await this.store.changeMember({
      ...planDraft({ command: 'draft', conversation, text, base }),
      user,
    });
    if (outcome.outcome === 'refused') throw new Error(`draft was refused: ${outcome.code}`);
    return outcome.result;
  }

  async entry(user: UserId, conversation: ConversationId): Promise<Entry> {
    const { entry } = await this.store.entry(user, conversation);
    if (entry === null) throw new Error(`${user} has no entry of ${conversation}`);
    return entry;
  }

  /** Calls `list` until nothing is left, as a client does. */
  async listAll(user: UserId, cursor: string | null): Promise<ListAnswer> {
    let answer = await this.store.list(user, cursor, this.#limits.listEntriesMax);
    const entries = [...answer.entries];
    while (answer.outcome === 'changed' && answer.more) {
      answer = await this.store.list(user, answer.cursor, this.#limits.listEntriesMax);
      entries.push(...answer.entries);
    }
    return { ...answer, entries };
  }

  /** Reads a page, which must succeed. */
  async page(
    user: UserId,
    conversation: ConversationId,
    request: Partial<Parameters<Store['page']>[2]> = {},
  ): Promise<Page> {
    const answer = await this.store.page(user, conversation, {
      anchor: { at: 'end' },
      limit: 30,
      check: null,
      ...request,
    });
    if (answer.outcome !== 'page') throw new Error(`a page was answered by ${answer.outcome}`);
    return answer;
  }
}

/** Returns the code of a rejection, or the kind of another outcome. */
export function codeOf(outcome: DriverOutcome): string {
  return outcome.outcome === 'refused' ? outcome.code : outcome.outcome;
}

function createdBy(result: CommandResult): ConversationId {
  if (!('conversation' in result)) throw new Error('a creation answered no conversation');
  return result.conversation;
}

/** Returns a stand-in for a hash: of the same length and unique per secret. */
export function fakeHash(secret: string | null): string {
  return (secret ?? '').padEnd(64, 'f');
}
