import type { ConversationId, Draft, DraftResult, KeyedCommand, SetDraft } from '@everywire/chat';
import { type CoreLimits, coreLimits } from './core-limits.js';
import { type DraftWrite, DraftWrites } from './draft-writes.js';
import type { KeptDraft, LocalDraft } from './local-draft.js';
import { isProvisional } from './provisional.js';

/** Returns the draft in a conversation's entry, which is the draft that the server has; `null` without an entry. */
type DraftOf = (conversation: ConversationId) => Draft | null;

/** Holds the texts of this device's composers (input fields) where they differ from the drafts that the server has. */
export class Drafts {
  readonly #limits: CoreLimits;
  /** In order of change, the latest last. */
  readonly #local = new Map<ConversationId, LocalDraft>();
  /**
   * Conversations with a draft in flight. There is at most one for each conversation, so an answer always belongs to
   * the version sent last.
   */
  readonly #inFlight = new Set<ConversationId>();
  readonly #writes: DraftWrites;
  /** The position of the draft that changes next. */
  #position = 0;
  #version = 0;

  constructor(limits: CoreLimits = coreLimits, stored: readonly KeptDraft[] = []) {
    this.#limits = limits;
    for (const { conversation, ...local } of [...stored].sort((a, b) => a.position - b.position)) {
      this.#local.set(conversation, local);
      this.#position = local.position + 1;
    }
    this.#writes = new DraftWrites(limits, this.#local);
  }

  get version(): number {
    return this.#version;
  }

  /** Returns the number of texts that the server does not have. */
  get unsent(): number {
    const isUnsent = ({ text, state, met }: LocalDraft) => text !== '' && (state !== 'settled' || met !== undefined);
    return [...this.#local.values()].filter(isUnsent).length;
  }

  /** Returns whether a draft must be sent and none of the same conversation is in flight. */
  get due(): boolean {
    return [...this.#local].some(
      ([conversation, { state }]) => state === 'changed' && !this.#inFlight.has(conversation),
    );
  }

  /** Returns the text of a composer, given the entry's draft. */
  text(conversation: ConversationId, draft: Draft): string {
    return this.#local.get(conversation)?.text ?? draft.text;
  }

  /**
   * Sets the text of a composer. `draft`: the draft in the conversation's entry; `null` without an entry. A no-op if
   * the text is the same.
   */
  set(conversation: ConversationId, text: string, draft: Draft | null): void {
    const local = this.#local.get(conversation);
    if (local?.text === text) return;
    if (text === '' && isProvisional(conversation)) {
      this.#drop(conversation);
      return;
    }
    const base = local === undefined ? (draft?.revision ?? null) : (local.met ?? local.base);
    this.#put(conversation, { text, base, state: 'changed', sent: local?.sent ?? [] });
  }

  /**
   * Returns a `send` command with the revision of the draft whose text it sends. The server clears this revision, but
   * not a newer draft, however late the message arrives. A reply in a thread has no draft. If the user typed nothing on
   * this device, the entry's draft is the right one if it is empty or equals the sent text. Otherwise the composer
   * still showed an older draft, so the revision is one lower. Returns other commands unchanged.
   */
  named(command: KeyedCommand, draftOf: DraftOf): KeyedCommand {
    if (command.command !== 'send' || command.thread !== undefined) return command;
    const draft = draftOf(command.conversation);
    if (draft === null) return command;
    const local = this.#local.get(command.conversation);
    const isShown = draft.text === '' || draft.text.trim() === command.text.trim();
    const shown = isShown ? draft.revision : draft.revision - 1;
    return { ...command, draft: local === undefined ? shown : (local.base ?? 0) };
  }

  /**
   * Clears the local draft of a queued message. The `send` clears the draft only up to the revision that it names. A
   * draft in flight becomes a newer revision, so an empty draft is then sent, too.
   */
  enqueued(command: KeyedCommand): void {
    // The server has no draft of a provisional conversation.
    if (command.command === 'send' && isProvisional(command.conversation)) this.#drop(command.conversation);
    if (command.command !== 'send' || command.draft === undefined) return;
    const sent = this.#local.get(command.conversation)?.sent ?? [];
    const state = sent.length > 0 ? 'changed' : 'settled';
    this.#put(command.conversation, { text: '', base: command.draft, state, sent });
  }

  /** Takes the drafts to send now. Omits conversations without an entry, or with a draft in flight. */
  takeDue(draftOf: DraftOf): readonly SetDraft[] {
    const due: SetDraft[] = [];
    for (const [conversation, local] of this.#local) {
      const { text, state, base } = local;
      const draft = draftOf(conversation);
      if (state !== 'changed' || draft === null || this.#inFlight.has(conversation)) continue;
      const command = { command: 'draft', conversation, text, base: base ?? draft.revision } as const;
      due.push(command);
      this.#inFlight.add(conversation);
      this.#local.set(conversation, { ...local, sent: [...local.sent, command].slice(-this.#limits.draftVersionsMax) });
      this.#writes.changed();
    }
    return due;
  }

  /**
   * Applies the server's answer to a draft. `accepted` is false if the server has a newer draft than the one on which
   * this text is based. If that newer draft is empty (its message was sent from another device) or came from this
   * device, this text is sent again. Otherwise nothing is overwritten until the user types here.
   */
  answered({ conversation, text }: SetDraft, { accepted, draft }: DraftResult): void {
    const isFree = accepted || draft.text === '' || this.#isOwn(conversation, draft);
    this.#inFlight.delete(conversation);
    const known = this.#local.get(conversation);
    if (known === undefined) return;
    const local = { ...known, sent: [] };
    const { revision } = draft;
    if (isFree)
      this.#put(conversation, { ...local, base: revision, state: local.text === draft.text ? 'settled' : 'changed' });
    else if (local.text === '') this.#put(conversation, { ...local, state: 'settled' });
    else if (local.text === text) this.#put(conversation, { ...local, state: 'settled', met: revision });
    else this.#put(conversation, { ...local, base: revision });
  }

  /** Handles a refused draft. It is sent again if the refusal is `retryable` or the text has changed since. */
  fail(command: SetDraft, retryable: boolean): void {
    const { conversation, text } = command;
    this.#inFlight.delete(conversation);
    const local = this.#local.get(conversation);
    if (local === undefined) return;
    const sent = local.sent.filter((one) => one !== command);
    const state = !retryable && local.text === text ? 'refused' : local.state;
    this.#put(conversation, { ...local, state, sent });
  }

  /** Makes drafts in flight due again after the connection is lost. Later entries show whether these drafts arrived. */
  failAll(): void {
    this.#inFlight.clear();
  }

  /**
   * Compares the local text with the draft in a new entry. Drops the local text if the entry has this version or a
   * newer one and nothing remains to be sent. Otherwise updates the revision on which the text is based, unless the new
   * draft is a text of another device.
   */
  see(conversation: ConversationId, draft: Draft): void {
    const local = this.#local.get(conversation);
    if (local === undefined) return;
    const { text, base, state, met } = local;
    if (state === 'settled') {
      const known = met ?? base ?? 0;
      if (draft.revision < known || (draft.revision === known && text !== draft.text)) return;
      this.#drop(conversation);
    } else if (base === null) this.#put(conversation, { ...local, base: draft.revision });
    else if (draft.revision > base && (draft.text === '' || this.#isOwn(conversation, draft)))
      this.#put(conversation, { ...local, base: draft.revision });
  }

  /** Moves the text of one composer to another. If the other composer has a text, the moved text is added below it. */
  move(from: ConversationId, to: ConversationId): void {
    const moved = this.#local.get(from);
    if (moved === undefined) return;
    this.#drop(from);
    const { text = '', base = null, sent = [] } = this.#local.get(to) ?? {};
    const texts = [text, moved.text].filter((one) => one !== '');
    if (moved.text !== '') this.#put(to, { text: texts.join('\n'), base, state: 'changed', sent });
  }

  /** Forgets all revisions, because the server has another history. Keeps the texts (CH-25). */
  forgetRevisions(): void {
    for (const [conversation, { text, state, position }] of this.#local)
      this.#local.set(conversation, { text, state, base: null, sent: [], position });
    this.#writes.changed();
  }

  /** Returns whether `takeWrites` has anything to write. */
  get unwritten(): boolean {
    return this.#writes.due;
  }

  /** Takes the changes to write to the device since the last call. */
  takeWrites(): readonly DraftWrite[] {
    return this.#writes.take();
  }

  /**
   * Returns whether a draft of the server was sent from this device, even if its answer was lost. It was if a sent
   * version has the same text and the revision before.
   */
  #isOwn(conversation: ConversationId, draft: Draft): boolean {
    const sent = this.#local.get(conversation)?.sent ?? [];
    return sent.some(({ text, base }) => text === draft.text && base + 1 === draft.revision);
  }

  #drop(conversation: ConversationId): void {
    if (!this.#local.delete(conversation)) return;
    this.#version += 1;
    this.#writes.changed();
  }

  #put(conversation: ConversationId, draft: Omit<LocalDraft, 'position'>): void {
    this.#local.delete(conversation);
    this.#local.set(conversation, { ...draft, position: this.#position });
    this.#position += 1;
    this.#version += 1;
    this.#writes.changed();
  }
}
