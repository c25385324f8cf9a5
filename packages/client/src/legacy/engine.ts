/**
 * What the legacy build puts in the place of what engines of 1999 lack. The build joins this file in front of the others, whose
 * own words it turns into these: `new Map` into `new OldMap`, `for (const x of y)` into a loop over `iterate(y)`, `a.find(f)`
 * into `find(a, f)`. Nothing of the page's own prototypes is touched, so its own loops over arrays see nothing new.
 *
 * In here only what the language had then is used, besides classes and arrow functions, which the build turns into functions.
 */

interface Entry {
  readonly key: unknown;
  value: unknown;
  /** Rising in the order of insertion. */
  readonly no: number;
}

/** A `Map` and a `Set`, as far as they are used: few entries, and entries may go while it is walked. An item of a set has it as its value. */
export class OldMap {
  size = 0;
  #list: Entry[] = [];
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

  /** The first entry that came after that one, whatever has gone meanwhile. */
  after(no: number): Entry | undefined {
    return find(this.#list, (entry) => (entry as Entry).no > no) as Entry | undefined;
  }

  #at(key: unknown): number {
    return findIndex(this.#list, (entry) => (entry as Entry).key === key);
  }
}

/** @returns what gives the next item in an array of its own, and at the end nothing */
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

/** What `[...source]` is. */
export function list(source: ArrayLike<unknown> | OldMap): unknown[] {
  const items: unknown[] = [];
  const next = iterate(source);
  for (let step = next(); step; step = next()) items.push(step[0]);
  return items;
}

/** `queueMicrotask`, a turn later. */
export function soon(act: () => void): void {
  setTimeout(act, 0);
}

/** `Date.now`. */
export function dateNow(): number {
  // biome-ignore lint/complexity/useDateNow: this is it.
  return new Date().getTime();
}

let lastNow = 0;
let behind = 0;

/** `performance.now`, as far as it never goes back; how fast the wall's clock goes it cannot tell. */
export function steadyNow(): number {
  const wall = dateNow();
  if (wall < lastNow) behind += lastNow - wall;
  lastNow = wall;
  return wall + behind;
}

/** `Object.assign`, and what a spread in an object becomes. */
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

/** `Object.hasOwn`. */
export function hasOwn(value: object, name: string): boolean {
  // biome-ignore lint/suspicious/noPrototypeBuiltins: the way of 1999.
  return value.hasOwnProperty(name);
}

/** `Array.isArray`. */
export function isArray(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Array]';
}

/** `Number.isSafeInteger`. */
export function isSafeInteger(value: unknown): boolean {
  return typeof value === 'number' && Math.floor(value) === value && Math.abs(value) <= 9007199254740991;
}

/** `Math.imul`: halves, so that no product is above 2^53. */
export function imul(a: number, b: number): number {
  return ((a & 0xffff) * b + ((((a >>> 16) * b) & 0xffff) << 16)) | 0;
}

// ---- methods that came later, the object first

export function map(items: unknown[], make: (item: unknown, at: number) => unknown): unknown[] {
  const made: unknown[] = [];
  for (let at = 0; at < items.length; at++) made.push(make(items[at], at));
  return made;
}

export function findIndex(items: unknown[], fits: (item: unknown) => unknown): number {
  for (let at = 0; at < items.length; at++) if (fits(items[at])) return at;
  return -1;
}

export function find(items: unknown[], fits: (item: unknown) => unknown): unknown {
  return items[findIndex(items, fits)];
}

export function some(items: unknown[], fits: (item: unknown) => unknown): boolean {
  return findIndex(items, fits) >= 0;
}

export function every(items: unknown[], fits: (item: unknown) => unknown): boolean {
  return !some(items, (item) => !fits(item));
}

export function filter(items: unknown[], fits: (item: unknown) => unknown): unknown[] {
  const kept: unknown[] = [];
  for (let at = 0; at < items.length; at++) if (fits(items[at])) kept.push(items[at]);
  return kept;
}

/** Of an array or a text, which has its own; by a name in quotation marks, which the build leaves alone. */
export function indexOf(whole: unknown[] | string, part: unknown): number {
  return typeof whole === 'string' ? whole['indexOf'](part as string) : findIndex(whole, (item) => item === part);
}

export function includes(whole: unknown[] | string, part: unknown): boolean {
  return indexOf(whole, part) >= 0;
}

export function fill(items: unknown[], value: unknown): unknown[] {
  for (let at = 0; at < items.length; at++) items[at] = value;
  return items;
}

export function startsWith(text: string, part: string): boolean {
  return text.slice(0, part.length) === part;
}

export function endsWith(text: string, part: string): boolean {
  return text.length >= part.length && text.slice(text.length - part.length) === part;
}

export function repeat(text: string, count: number): string {
  return new Array(count + 1).join(text);
}
