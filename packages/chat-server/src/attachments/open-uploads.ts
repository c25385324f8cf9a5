import type { FileName, UserId } from '@everywire/chat';

interface OpenUpload {
  readonly owner: UserId;
  /** Milliseconds since the epoch. */
  readonly begunAt: number;
}

/** Uploads that were begun here since the start, and are neither files nor gone as far as is known here, and how many each person has. */
export class OpenUploads {
  readonly #uploads = new Map<FileName, OpenUpload>();
  readonly #ofPerson = new Map<UserId, Set<FileName>>();
  readonly #perPersonMax: number;

  constructor(perPersonMax: number) {
    this.#perPersonMax = perPersonMax;
  }

  /** Returns false, and adds nothing, where the person has as many as allowed. */
  add(owner: UserId, id: FileName, begunAt: number): boolean {
    const own = this.#ofPerson.get(owner) ?? new Set();
    if (own.size >= this.#perPersonMax) return false;
    this.#ofPerson.set(owner, own.add(id));
    this.#uploads.set(id, { owner, begunAt });
    return true;
  }

  /** No-op for an id that is not there. */
  remove(id: FileName): void {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return;
    this.#uploads.delete(id);
    const own = this.#ofPerson.get(upload.owner);
    own?.delete(id);
    if (own?.size === 0) this.#ofPerson.delete(upload.owner);
  }

  oldest(owner: UserId, count: number): readonly FileName[] {
    return [...(this.#ofPerson.get(owner) ?? [])].slice(0, count);
  }

  /** Those begun before `before` count no more: another server may have swept them. */
  removeOlder(before: number): void {
    for (const [id, { begunAt }] of this.#uploads) if (begunAt < before) this.remove(id);
  }
}
