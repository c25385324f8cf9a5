/**
 * Replacements for features that JavaScript engines of 1999 lack. Only the legacy build (for old browsers) uses this
 * file. The build prepends this file to the others and rewrites them to use it: `new Map` becomes `new OldMap`, `for
 * (const x of y)` becomes a loop over `iterate(y)`, `a.find(f)` becomes `find(a, f)`. The prototypes of the page are
 * not changed, because the page's own loops over arrays would then list the added methods.
 *
 * This file uses only features of that time, plus classes and arrow functions, which the build converts to functions.
 */

interface Entry {
  readonly key: unknown;
  value: unknown;
  /** Number of the entry. Increases in the order of insertion. */
  readonly no: number;
}

/**
 * Replaces `Map` and `Set`, for few entries. Entries may be removed during an iteration. In a set, the value of each
 * item is the set itself.
 */
export class OldMap {
  size = 0;
  #list: Entry[] = [];
  /** Number of the last inserted entry. */
  #no = 0;

  get(key: unknown): unknown {
    const entry = this.#list[this.#at(key)];
    return entry?.value;
  }

  has(key: unknown): boolean {
    return this.#at(key) >= 0;
  }

  set(key: unknown, value: unknown): this {
    const entry = this.#list[this.#at(key)];
    if (entry) entry.value = value;
    else {
      this.#no += 1;
      this.size = this.#list.push({ key, value, no: this.#no });
    }
    return this;
  }

  add(item: unknown): this {
    return this.set(item, this);
  }

  delete(key: unknown): boolean {
    const at = this.#at(key);
    if (at < 0) return false;
    this.#list.splice(at, 1);
    this.size -= 1;
    return true;
  }

  clear(): void {
    this.#list = [];
    this.size = 0;
  }

  /**
   * Returns the first entry inserted after entry number `no`, even if that entry was removed meanwhile; `undefined` if
   * there is none.
   */
  after(no: number): Entry | undefined {
    return find(this.#list, (entry) => (entry as Entry).no > no) as Entry | undefined;
  }

  #at(key: unknown): number {
    return findIndex(this.#list, (entry) => (entry as Entry).key === key);
  }
}

/**
 * Returns a function that returns the next item in an array (so that an item may be `undefined`), and `undefined` at
 * the end.
 */
export function iterate(source: ArrayLike<unknown> | OldMap): () => readonly [unknown] | undefined {
  let at = 0;
  return () => {
    if (!(source instanceof OldMap)) return at < source.length ? [source[at++]] : undefined;
    const entry = source.after(at);
    if (!entry) return undefined;
    at = entry.no;
    return [entry.value === source ? entry.key : [entry.key, entry.value]];
  };
}

/** Replaces `[...source]`. */
export function list(source: ArrayLike<unknown> | OldMap): unknown[] {
  const items: unknown[] = [];
  const next = iterate(source);
  for (let step = next(); step; step = next()) items.push(step[0]);
  return items;
}

/** Replaces `queueMicrotask`. Runs `act` in a later task, because these engines have no microtasks. */
export function soon(act: () => void): void {
  setTimeout(act, 0);
}

/** Replaces `Date.now`. */
export function dateNow(): number {
  // biome-ignore lint/complexity/useDateNow: this is it.
  return new Date().getTime();
}

let lastNow = 0;
let behind = 0;

/**
 * Replaces `performance.now`. Never goes back if the clock is set back, but cannot detect a clock that is set forward.
 */
export function steadyNow(): number {
  const wall = dateNow();
  if (wall < lastNow) behind += lastNow - wall;
  lastNow = wall;
  return wall + behind;
}

/** Replaces `Object.assign` and object spreads. */
export function assign(target: Record<string, unknown>, ...sources: readonly unknown[]): unknown;
export function assign(target: Record<string, unknown>): unknown {
  // biome-ignore lint/complexity/noArguments: a rest parameter becomes a longer way to say the same.
  const all = arguments;
  for (let at = 1; at < all.length; at++) {
    const source = all[at] as Record<string, unknown>;
    for (const name in source) if (hasOwn(source, name)) target[name] = source[name];
  }
  return target;
}

/** Replaces `Object.hasOwn`. */
export function hasOwn(value: object, name: string): boolean {
  // biome-ignore lint/suspicious/noPrototypeBuiltins: the way of 1999.
  return value.hasOwnProperty(name);
}

/** Replaces `Array.isArray`. */
export function isArray(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Array]';
}

/** Replaces `Number.isSafeInteger`. */
export function isSafeInteger(value: unknown): boolean {
  return typeof value === 'number' && Math.floor(value) === value && Math.abs(value) <= 9007199254740991;
}

/**
 * Replaces `Math.imul` (the low 32 bits of a product). Multiplies `b` by each half of `a`, because the whole product
 * could exceed 2^53, up to which numbers are exact.
 */
export function imul(a: number, b: number): number {
  return ((a & 0xffff) * b + ((((a >>> 16) * b) & 0xffff) << 16)) | 0;
}

// ---- replacements of later methods, with the object as first argument

/** Replaces `Array.prototype.map`. */
export function map(items: unknown[], make: (item: unknown, at: number) => unknown): unknown[] {
  const made: unknown[] = [];
  for (let at = 0; at < items.length; at++) made.push(make(items[at], at));
  return made;
}

/** Replaces `Array.prototype.findIndex`. */
export function findIndex(items: unknown[], fits: (item: unknown) => unknown): number {
  for (let at = 0; at < items.length; at++) if (fits(items[at])) return at;
  return -1;
}

/** Replaces `Array.prototype.find`. */
export function find(items: unknown[], fits: (item: unknown) => unknown): unknown {
  return items[findIndex(items, fits)];
}

/** Replaces `Array.prototype.some`. */
export function some(items: unknown[], fits: (item: unknown) => unknown): boolean {
  return findIndex(items, fits) >= 0;
}

/** Replaces `Array.prototype.every`. */
export function every(items: unknown[], fits: (item: unknown) => unknown): boolean {
  return !some(items, (item) => !fits(item));
}

/** Replaces `Array.prototype.filter`. */
export function filter(items: unknown[], fits: (item: unknown) => unknown): unknown[] {
  const kept: unknown[] = [];
  for (let at = 0; at < items.length; at++) if (fits(items[at])) kept.push(items[at]);
  return kept;
}

/**
 * Replaces `indexOf` of arrays. Also accepts a text, for which it calls the text's own method by a quoted name, which
 * the build does not rewrite.
 */
export function indexOf(whole: unknown[] | string, part: unknown): number {
  return typeof whole === 'string' ? whole['indexOf'](part as string) : findIndex(whole, (item) => item === part);
}

/** Replaces `includes` of arrays and texts. */
export function includes(whole: unknown[] | string, part: unknown): boolean {
  return indexOf(whole, part) >= 0;
}

/** Replaces `Array.prototype.fill`. */
export function fill(items: unknown[], value: unknown): unknown[] {
  for (let at = 0; at < items.length; at++) items[at] = value;
  return items;
}

/** Replaces `String.prototype.startsWith`. */
export function startsWith(text: string, part: string): boolean {
  return text.slice(0, part.length) === part;
}

/** Replaces `String.prototype.endsWith`. */
export function endsWith(text: string, part: string): boolean {
  return text.length >= part.length && text.slice(text.length - part.length) === part;
}

/** Replaces `String.prototype.repeat`. */
export function repeat(text: string, count: number): string {
  return new Array(count + 1).join(text);
}
