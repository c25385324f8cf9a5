import type { ConversationId } from '@everywire/chat';
import type { CoreLimits } from './core-limits.js';
import type { KeptDraft, LocalDraft } from './local-draft.js';

/** A change to write to the device so that drafts survive a reload; at most one per conversation. */
export type DraftWrite =
  | { readonly write: 'keep'; readonly draft: KeptDraft }
  | { readonly write: 'forget'; readonly conversation: ConversationId };

/** Decides which drafts the device stores, and batches changes so that only the latest is written. */
export class DraftWrites {
  readonly #limits: CoreLimits;
  readonly #drafts: ReadonlyMap<ConversationId, LocalDraft>;
  #written: ReadonlyMap<ConversationId, LocalDraft>;
  #due = false;

  /**
   * `drafts` is a live view of all drafts, in order of change, each replaced when it changes. At construction it must equal
   * what the device has stored.
   */
  constructor(limits: CoreLimits, drafts: ReadonlyMap<ConversationId, LocalDraft>) {
    this.#limits = limits;
    this.#drafts = drafts;
    this.#written = new Map(drafts);
  }

  get due(): boolean {
    return this.#due;
  }

  changed(): void {
    this.#due = true;
  }

  /** Takes the changes since the last call. */
  take(): readonly DraftWrite[] {
    if (!this.#due) return [];
    this.#due = false;
    const kept = this.#kept();
    const writes: DraftWrite[] = [];
    for (const conversation of this.#written.keys()) {
      if (!kept.has(conversation)) writes.push({ write: 'forget', conversation });
    }
    for (const [conversation, draft] of kept) {
      if (this.#written.get(conversation) !== draft) writes.push({ write: 'keep', draft: { conversation, ...draft } });
    }
    this.#written = kept;
    return writes;
  }

  #kept(): ReadonlyMap<ConversationId, LocalDraft> {
    const kept = new Map<ConversationId, LocalDraft>();
    let units = 0;
    for (const [conversation, draft] of [...this.#drafts].reverse()) {
      const more = units + unitsOf(draft);
      if (kept.size >= this.#limits.draftsKeptMax || more > this.#limits.draftUnitsKeptMax) continue;
      units = more;
      kept.set(conversation, draft);
    }
    return kept;
  }
}

function unitsOf({ text, sent }: LocalDraft): number {
  return sent.reduce((sum, one) => sum + one.text.length, text.length);
}
