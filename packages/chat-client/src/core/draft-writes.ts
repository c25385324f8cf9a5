import type { ConversationId } from '@everywire/chat';
import type { CoreLimits } from './core-limits.js';
import type { KeptDraft, LocalDraft } from './local-draft.js';

/**
 * A change to write to the device, so that drafts survive a reload. There is at most one for each conversation at a
 * time.
 */
export type DraftWrite =
  | { readonly write: 'keep'; readonly draft: KeptDraft }
  | { readonly write: 'forget'; readonly conversation: ConversationId };

/**
 * Decides which drafts the device stores, because the storage is limited. Batches changes, so that only the latest
 * version of a draft is written.
 */
export class DraftWrites {
  readonly #limits: CoreLimits;
  readonly #drafts: ReadonlyMap<ConversationId, LocalDraft>;
  /** The drafts that the device has stored. */
  #written: ReadonlyMap<ConversationId, LocalDraft>;
  /** Whether a draft has changed since the last `take`. */
  #due = false;

  /**
   * `drafts` is the map in which the caller keeps all drafts, in order of change. The caller must replace a draft when
   * it changes, rather than modify it. At construction, the map must equal the stored drafts.
   */
  constructor(limits: CoreLimits, drafts: ReadonlyMap<ConversationId, LocalDraft>) {
    this.#limits = limits;
    this.#drafts = drafts;
    this.#written = new Map(drafts);
  }

  /** Returns whether `take` may return something. */
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

  /** Returns the drafts that the limits permit to store. Those that changed last come first. */
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

/** Returns the UTF-16 units of a draft and its unanswered versions. */
function unitsOf({ text, sent }: LocalDraft): number {
  return sent.reduce((sum, one) => sum + one.text.length, text.length);
}
