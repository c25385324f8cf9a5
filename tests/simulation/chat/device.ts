import type { ChatErrorCode, CommandId, ConversationId, KeyedCommand, ServerEvent, UserId } from '@everywire/chat';
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

/**
 * Simulates one browser of one user: the core of the chat client (the product's code, without network and disk), and a
 * disk that survives reloads.
 */
export class Device {
  readonly user: UserId;
  readonly name: string;
  readonly #limits: CoreLimits;
  core: ChatCore;
  online = false;
  /** Identifies the connection: messages of an earlier one never arrive. */
  connection = 0;
  /** Index of the server node that the device is connected to. */
  node = 0;
  /** Acknowledged sends, with the server's answer. */
  readonly acknowledged = new Map<CommandId, { readonly conversation: ConversationId; readonly sequence: number }>();
  /** Sends in the order they entered the outbox, without those that failed. */
  readonly entered = new Map<CommandId, ConversationId>();
  readonly #disk = new Map<CommandId, OutboxItem>();
  readonly #drafts = new Map<ConversationId, KeptDraft>();
  /** The synchronized state at the last write to the disk; `null` if it was never written. */
  #storedSync: StoredCore['sync'] = null;
  /** The conversations on screen. */
  readonly #views = new Set<ConversationId>();
  /** The conversation and root of each thread on screen. */
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

  /**
   * Writes the synchronized state and the drafts to the disk. Called now and then, so that a reload finds a state that
   * is older than the outbox (the stored commands that the server has not answered).
   */
  keep(): void {
    this.#keepDrafts();
    this.#storedSync = structuredClone(this.core.store());
  }

  /** Reloads the page: memory is lost, the disk is kept. */
  reload(): void {
    this.settle();
    if (this.online) this.disconnect();
    this.#views.clear();
    this.#threads.clear();
    const stored: StoredCore = {
      sync: this.#storedSync,
      outbox: [...this.#disk.values()],
      drafts: [...this.#drafts.values()],
    };
    this.core = new ChatCore({ me: this.user, limits: this.#limits, stored: structuredClone(stored) });
  }

  /** Enters a command into the outbox, unless the outbox is full. */
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

  /** Gives the core the server's reply to the request with this token. */
  answer(token: number, reply: Reply): void {
    if ('ok' in reply) this.core.answered(token, reply.ok);
    else this.core.refused(token, reply.error.code as ChatErrorCode, reply.error.retryable);
  }

  /** Forgets acknowledged sends that a restore of a backup has lost (CH-26). `isKept` returns whether the backup has one. */
  forgetAcknowledged(isKept: (id: CommandId) => boolean): void {
    for (const id of [...this.acknowledged.keys()]) {
      if (isKept(id)) continue;
      this.acknowledged.delete(id);
      this.entered.delete(id);
    }
  }

  /**
   * Does what the client around the core does after every call: writes to the disk, collects outcomes, and returns the
   * requests to send.
   */
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
