import type { ConversationId, Draft, DraftResult, SetDraft } from '@everywire/chat';

interface LocalDraft {
  readonly text: string;
  /** `changed`: to be told. `told`: under way. `settled`: the server has it, the entry does not show it yet. */
  readonly state: 'changed' | 'told' | 'settled';
}

/** What stands in the composers of this device, where it differs from what the entries say. */
export class DraftBook {
  readonly #local = new Map<ConversationId, LocalDraft>();
  /** Revisions learnt from answers, which may be ahead of the entries. */
  readonly #revisions = new Map<ConversationId, number>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  get due(): boolean {
    return [...this.#local.values()].some((draft) => draft.state === 'changed');
  }

  text(conversation: ConversationId, draft: Draft): string {
    return this.#local.get(conversation)?.text ?? draft.text;
  }

  set(conversation: ConversationId, text: string): void {
    this.#put(conversation, { text, state: 'changed' });
  }

  /** The text was handed to the outbox: sending it clears the draft at the server too. */
  sent(conversation: ConversationId, draft: Draft): void {
    this.#revisions.set(conversation, Math.max(draft.revision, this.#revisions.get(conversation) ?? 0));
    this.#put(conversation, { text: '', state: 'settled' });
  }

  /** What to tell now, on the base of the drafts that the entries have. */
  takeDue(draftOf: (conversation: ConversationId) => Draft | null): readonly SetDraft[] {
    const due: SetDraft[] = [];
    for (const [conversation, { text, state }] of this.#local) {
      const draft = draftOf(conversation);
      if (state !== 'changed' || draft === null) continue;
      const base = Math.max(draft.revision, this.#revisions.get(conversation) ?? 0);
      due.push({ command: 'draft', conversation, text, base });
      this.#local.set(conversation, { text, state: 'told' });
    }
    return due;
  }

  /**
   * A stale base met another draft. Where that one is empty (a message was sent from elsewhere) this one is told again;
   * otherwise nothing is overwritten until the person goes on typing here.
   */
  answered({ conversation }: SetDraft, { accepted, draft }: DraftResult): void {
    this.#revisions.set(conversation, draft.revision);
    const local = this.#local.get(conversation);
    if (local?.state !== 'told') return;
    this.#put(conversation, { text: local.text, state: accepted || draft.text !== '' ? 'settled' : 'changed' });
  }

  /** It did not get through: due again, unless typing made it so already. */
  fail({ conversation }: SetDraft): void {
    const local = this.#local.get(conversation);
    if (local?.state === 'told') this.#put(conversation, { text: local.text, state: 'changed' });
  }

  failAll(): void {
    for (const [conversation, { text, state }] of this.#local) {
      if (state === 'told') this.#local.set(conversation, { text, state: 'changed' });
    }
  }

  /** An entry arrived: what it shows by itself need not be kept here. */
  see(conversation: ConversationId, draft: Draft): void {
    const local = this.#local.get(conversation);
    if (local?.state !== 'settled') return;
    const caughtUp = local.text === draft.text || draft.revision > (this.#revisions.get(conversation) ?? 0);
    if (!caughtUp) return;
    this.#local.delete(conversation);
    this.#version += 1;
  }

  /** Another history. What stands in the composers stays (CH-25). */
  forgetRevisions(): void {
    this.#revisions.clear();
  }

  #put(conversation: ConversationId, draft: LocalDraft): void {
    this.#local.set(conversation, draft);
    this.#version += 1;
  }
}
