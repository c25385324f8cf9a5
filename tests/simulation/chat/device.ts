import type { CommandId, ConversationId, ChatErrorCode, KeyedCommand, ServerEvent, UserId } from '@everywire/chat';
import {
  ChatCore,
  type CommandOutcome,
  type CoreLimits,
  type KeptDraft,
  type OutboxItem,
  type OutgoingRequest,
  type StoredCore,
} from '@everywire/chat-client/internal';
import type { Reply } from './server-node.js';

/** One browser of one person: the SDK's core, and a disk that outlives it. */
export class Device {
  readonly user: UserId;
  readonly name: string;
  readonly #limits: CoreLimits;
  core: ChatCore;
  online = false;
  /** Tells connections apart: what belongs to an earlier one never arrives. */
  connection = 0;
  node = 0;
  /** Sends that were acknowledged, with what the server said. */
  readonly acknowledged = new Map<CommandId, { readonly conversation: ConversationId; readonly sequence: number }>();
  /** Sends in the order they were put into the outbox; those that failed are taken out. */
  readonly entered = new Map<CommandId, ConversationId>();
  readonly #disk = new Map<CommandId, OutboxItem>();
  readonly #drafts = new Map<ConversationId, KeptDraft>();
  #kept: StoredCore['sync'] = null;
  readonly #views = new Set<ConversationId>();
  /** Conversation and root of each thread on show. */
  readonly #threads = new Map<string, { readonly conversation: ConversationId; readonly root: number }>();

  constructor(user: UserId, name: string, limits: CoreLimits) {
    this.user = user;
    this.name = name;
    this.#limits = limits;
    this.core = new ChatCore({ me: user, limits });
  }

  get opened(): ReadonlySet<ConversationId> {
    return this.#views;
  }

  connect(node: number): void {
    this.connection += 1;
    this.node = node;
    this.online = true;
    this.core.connected();
  }

  disconnect(): void {
    this.online = false;
    this.core.disconnected();
  }

  /** Written now and then, so that a reload finds something older than the outbox. */
  keep(): void {
    this.#keepDrafts();
    this.#kept = structuredClone(this.core.store());
  }

  /** The page is loaded again: memory is gone, the disk is not. */
  reload(): void {
    this.settle();
    if (this.online) this.disconnect();
    this.#views.clear();
    this.#threads.clear();
    const stored: StoredCore = {
      sync: this.#kept,
      outbox: [...this.#disk.values()],
      drafts: [...this.#drafts.values()],
    };
    this.core = new ChatCore({ me: this.user, limits: this.#limits, stored: structuredClone(stored) });
  }

  enqueue(command: KeyedCommand, now: number): void {
    if (this.core.enqueue(command, now) === 'outbox_full') return;
    if (command.command === 'send') this.entered.set(command.id, command.conversation);
  }

  open(conversation: ConversationId): void {
    if (this.#views.has(conversation)) return;
    this.#views.add(conversation);
    this.core.open(conversation);
  }

  close(conversation: ConversationId): void {
    if (this.#views.delete(conversation)) this.core.close(conversation);
  }

  get threads(): readonly { readonly conversation: ConversationId; readonly root: number }[] {
    return [...this.#threads.values()];
  }

  openThread(conversation: ConversationId, root: number): void {
    const name = `${conversation}/${root}`;
    if (this.#threads.has(name)) return;
    this.#threads.set(name, { conversation, root });
    this.core.openThread(conversation, root);
  }

  closeThread(conversation: ConversationId, root: number): void {
    if (this.#threads.delete(`${conversation}/${root}`)) this.core.closeThread(conversation, root);
  }

  receive(event: ServerEvent, now: number): void {
    this.core.applyEvent(event, now);
  }

  answer(token: number, reply: Reply): void {
    if ('ok' in reply) this.core.answered(token, reply.ok);
    else this.core.refused(token, reply.error.code as ChatErrorCode, reply.error.retryable);
  }

  /** What was acknowledged after a backup is gone with it (CH-26). */
  forgetAcknowledged(isKept: (id: CommandId) => boolean): void {
    for (const id of [...this.acknowledged.keys()]) {
      if (isKept(id)) continue;
      this.acknowledged.delete(id);
      this.entered.delete(id);
    }
  }

  /** What the shell does after every call: writes to the disk, hears of outcomes, and gives the requests to send. */
  settle(): readonly OutgoingRequest[] {
    const writes = this.core.takeWrites();
    if (writes.length > 0) this.#keepDrafts();
    for (const write of writes) {
      if (write.write === 'keep') this.#disk.set(write.item.command.id, write.item);
      else this.#disk.delete(write.id);
    }
    for (const outcome of this.core.takeOutcomes()) this.#note(outcome);
    return this.core.takeRequests();
  }

  #keepDrafts(): void {
    for (const write of this.core.takeDraftWrites()) {
      if (write.write === 'keep') this.#drafts.set(write.draft.conversation, write.draft);
      else this.#drafts.delete(write.conversation);
    }
  }

  #note(outcome: CommandOutcome): void {
    const { command } = outcome;
    if (command.command !== 'send') return;
    if (outcome.outcome === 'failed') {
      this.entered.delete(command.id);
      this.core.discard(command.id);
    } else if ('sequence' in outcome.answer) {
      this.acknowledged.set(command.id, { conversation: command.conversation, sequence: outcome.answer.sequence });
    }
  }
}
