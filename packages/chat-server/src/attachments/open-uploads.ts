import type { FileName, UserId } from '@everywire/chat';

/** Uploads that were begun since the start and are neither files nor gone, and how many each person has. */
export class OpenUploads {
  readonly #owners = new Map<FileName, UserId>();
  readonly #counts = new Map<UserId, number>();
  readonly #perPersonMax: number;

  constructor(perPersonMax: number) {
    this.#perPersonMax = perPersonMax;
  }

  /** Returns false, and adds nothing, where the person has as many as allowed. */
  add(owner: UserId, id: FileName): boolean {
    const count = this.#counts.get(owner) ?? 0;
    if (count >= this.#perPersonMax) return false;
    this.#counts.set(owner, count + 1);
    this.#owners.set(id, owner);
    return true;
  }

  /** No-op for an id that is not there. */
  remove(id: FileName): void {
    const owner = this.#owners.get(id);
    if (owner === undefined) return;
    this.#owners.delete(id);
    const left = (this.#counts.get(owner) ?? 0) - 1;
    if (left > 0) this.#counts.set(owner, left);
    else this.#counts.delete(owner);
  }
}
