import type { ConversationId, Draft, DraftResult, KeyedCommand, SetDraft } from '@everywire/chat';

interface LocalDraft {
  readonly text: string;
  /** The revision this text grew from: what it may take the place of, and what sending it clears. `null` until an entry says one. */
  readonly base: number | null;
  /** `changed`: to be told. `settled`: told; the entry does not show it yet. `refused`: the server will not have it. */
  readonly state: 'changed' | 'settled' | 'refused';
  /** The revision of another device's draft that it met, and left alone. */
  readonly met?: number;
}

/** The draft that the entry has; `null` where there is no entry. */
type DraftOf = (conversation: ConversationId) => Draft | null;

/** What stands in the composers of this device, where it differs from what the entries say. */
export class DraftBook {
  readonly #local = new Map<ConversationId, LocalDraft>();
  /** Under way: one at a time in a conversation, so that an answer is known to be that of what was told last. */
  readonly #asked = new Set<ConversationId>();
  /** Told, and not known whether it arrived: under way, or gone with a connection. */
  readonly #told = new Map<ConversationId, readonly SetDraft[]>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  get due(): boolean {
    return [...this.#local].some(([conversation, { state }]) => state === 'changed' && !this.#asked.has(conversation));
  }

  text(conversation: ConversationId, draft: Draft): string {
    return this.#local.get(conversation)?.text ?? draft.text;
  }

  /** `draft` is the entry's, `null` where there is no entry yet. Setting what stands here already is not typing on. */
  set(conversation: ConversationId, text: string, draft: Draft | null): void {
    const local = this.#local.get(conversation);
    if (local?.text === text) return;
    const base = local === undefined ? (draft?.revision ?? null) : (local.met ?? local.base);
    this.#put(conversation, { text, base, state: 'changed' });
  }

  /**
   * A send with the revision of the draft it came from, whenever it will be delivered; a reply in a thread comes from none. Where nothing
   * was typed here, that is the entry's draft if it is what is sent; otherwise the composer still showed an older one.
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

  /** The outbox has it. A draft that is under way still is newer than the send knows, so it is cleared by itself. */
  enqueued(command: KeyedCommand): void {
    if (command.command !== 'send' || command.draft === undefined) return;
    const state = this.#told.has(command.conversation) ? 'changed' : 'settled';
    this.#put(command.conversation, { text: '', base: command.draft, state });
  }

  /** What to tell now, in conversations that are known. */
  takeDue(draftOf: DraftOf): readonly SetDraft[] {
    const due: SetDraft[] = [];
    for (const [conversation, { text, state, base }] of this.#local) {
      const draft = draftOf(conversation);
      if (state !== 'changed' || draft === null || this.#asked.has(conversation)) continue;
      const command = { command: 'draft', conversation, text, base: base ?? draft.revision } as const;
      due.push(command);
      this.#asked.add(conversation);
      this.#told.set(conversation, [...(this.#told.get(conversation) ?? []), command]);
    }
    return due;
  }

  /**
   * A stale base met another draft. Where that one is empty (a message was sent from elsewhere), or was told from here, this one is told
   * again; otherwise nothing is overwritten until the person goes on typing here.
   */
  answered({ conversation, text }: SetDraft, { accepted, draft }: DraftResult): void {
    const isFree = accepted || draft.text === '' || this.#isOwn(conversation, draft);
    this.#asked.delete(conversation);
    this.#told.delete(conversation);
    const local = this.#local.get(conversation);
    if (local === undefined) return;
    const { revision } = draft;
    if (isFree)
      this.#put(conversation, { ...local, base: revision, state: local.text === draft.text ? 'settled' : 'changed' });
    else if (local.text === '') this.#put(conversation, { ...local, state: 'settled' });
    else if (local.text === text) this.#put(conversation, { ...local, state: 'settled', met: revision });
    else this.#put(conversation, { ...local, base: revision });
  }

  /** It was refused; for now, if it is to be told again. */
  fail(command: SetDraft, retryable: boolean): void {
    const { conversation, text } = command;
    this.#asked.delete(conversation);
    const others = (this.#told.get(conversation) ?? []).filter((told) => told !== command);
    if (others.length > 0) this.#told.set(conversation, others);
    else this.#told.delete(conversation);
    const local = this.#local.get(conversation);
    if (!retryable && local?.text === text) this.#put(conversation, { ...local, state: 'refused' });
  }

  /** The connection is gone: what was under way is told again. Whether it arrived, the entries will say. */
  failAll(): void {
    this.#asked.clear();
  }

  /** An entry arrived: what it shows by itself need not be kept here. */
  see(conversation: ConversationId, draft: Draft): void {
    const local = this.#local.get(conversation);
    if (local === undefined) return;
    const { text, base, state, met } = local;
    if (state === 'settled') {
      if (text !== draft.text && draft.revision <= (met ?? base ?? 0)) return;
      this.#local.delete(conversation);
      this.#version += 1;
    } else if (base === null) this.#put(conversation, { ...local, base: draft.revision });
    else if (draft.revision > base && (draft.text === '' || this.#isOwn(conversation, draft)))
      this.#put(conversation, { ...local, base: draft.revision });
  }

  /** Another history. What stands in the composers stays (CH-25). */
  forgetRevisions(): void {
    this.#told.clear();
    for (const [conversation, { text, state }] of this.#local)
      this.#local.set(conversation, { text, state, base: null });
  }

  /** Told from here, though no answer said so. */
  #isOwn(conversation: ConversationId, draft: Draft): boolean {
    const told = this.#told.get(conversation) ?? [];
    return told.some(({ text, base }) => text === draft.text && base + 1 === draft.revision);
  }

  #put(conversation: ConversationId, draft: LocalDraft): void {
    this.#local.set(conversation, draft);
    this.#version += 1;
  }
}
