/** Memoises a derived value until one of its sources changes. */
export class Memo<Value> {
  #sources: readonly unknown[] | null = null;
  #value: Value | null = null;

  /**
   * Returns the memoised value, or calls `make` if a source has changed since the last call. `sources` must always have
   * the same length and order.
   */
  get(sources: readonly unknown[], make: () => Value): Value {
    const known = this.#sources?.every((source, index) => Object.is(source, sources[index])) ?? false;
    if (known && this.#value !== null) return this.#value;
    const value = make();
    this.#sources = sources;
    this.#value = value;
    return value;
  }
}
