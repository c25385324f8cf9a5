import type { FileName, UserId } from '@everywire/chat';

/** An unfinished upload. */
interface OpenUpload {
  readonly owner: UserId;
  /** Milliseconds since the epoch. */
  readonly begunAt: number;
}

/**
 * Tracks unfinished uploads that began on this server since its start, for each user. An upload that another server
 * finished or removed may still be listed.
 */
export class OpenUploads {
  readonly #uploads = new Map<FileName, OpenUpload>();
  readonly #ofPerson = new Map<UserId, Set<FileName>>();
  readonly #perPersonMax: number;

  constructor(perPersonMax: number) {
    this.#perPersonMax = perPersonMax;
  }

  /** Returns false, and adds nothing, if the user has reached the limit. */
  add(owner: UserId, id: FileName, begunAt: number): boolean {
    const own = this.#ofPerson.get(owner) ?? new Set();
    if (own.size >= this.#perPersonMax) return false;
    this.#ofPerson.set(owner, own.add(id));
    this.#uploads.set(id, { owner, begunAt });
    return true;
  }

  /** Removes an upload; no-op for an unknown id. */
  remove(id: FileName): void {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return;
    this.#uploads.delete(id);
    const own = this.#ofPerson.get(upload.owner);
    own?.delete(id);
    if (own?.size === 0) this.#ofPerson.delete(upload.owner);
  }

  /** Returns up to `count` uploads of the user, the oldest first. */
  oldest(owner: UserId, count: number): readonly FileName[] {
    return [...(this.#ofPerson.get(owner) ?? [])].slice(0, count);
  }

  /**
   * Removes uploads that began before `before` (milliseconds since the epoch), because another server may have removed
   * them.
   */
  removeOlder(before: number): void {
    for (const [id, { begunAt }] of this.#uploads) if (begunAt < before) this.remove(id);
  }
}
