import type { ConversationId, Delivered, KeyedCommand, Read } from '@everywire/chat';

interface Cursor {
  readonly wanted: number;
  readonly done: number;
}

const none: Cursor = { wanted: 0, done: 0 };

/**
 * How far this device has read and received, and what of it the server knows. Only the furthest counts, so any number of steps is one
 * command: the shell calls `takeDue` about once a second.
 */
export class CursorBook {
  readonly #read = new Map<ConversationId, Cursor>();
  readonly #delivered = new Map<ConversationId, Cursor>();
  /** By conversation and root. Told until the server has taken it. */
  readonly #threads = new Map<ConversationId, Map<number, Cursor>>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** How far the person has read here, told or not. */
  readUpTo(conversation: ConversationId): number {
    return this.#read.get(conversation)?.wanted ?? 0;
  }

  /** Whether there is anything to tell. */
  get due(): boolean {
    const threads = [...this.#threads.values()].flatMap((roots) => [...roots.values()]);
    return [...this.#read.values(), ...this.#delivered.values(), ...threads].some(({ wanted, done }) => wanted > done);
  }

  wantReadThread(conversation: ConversationId, root: number, sequence: number): void {
    const roots = this.#threads.get(conversation) ?? new Map<number, Cursor>();
    want(roots, root, sequence);
    this.#threads.set(conversation, roots);
    this.#version += 1;
  }

  /** How far the person has read a thread here, while the server may not know. */
  readThreadUpTo(conversation: ConversationId, root: number): number {
    return this.#threads.get(conversation)?.get(root)?.wanted ?? 0;
  }

  /** The server has taken a reading of a thread. */
  confirmReadThread({ conversation, thread, sequence }: Read): void {
    const roots = this.#threads.get(conversation);
    if (thread === undefined || (roots?.get(thread)?.wanted ?? 0) > sequence) return;
    roots?.delete(thread);
    this.#version += 1;
  }

  wantRead(conversation: ConversationId, sequence: number): void {
    want(this.#read, conversation, sequence);
    this.#version += 1;
  }

  wantDelivered(conversation: ConversationId, sequence: number): void {
    want(this.#delivered, conversation, sequence);
  }

  /** What is due before a command: a mark by hand is told after the reading before it, since reading takes the mark off (CH-19). */
  takeBefore(command: KeyedCommand): readonly Read[] {
    return command.command === 'mark' ? this.#takeReading(command.conversation) : [];
  }

  /** What to tell now, readings of conversations and deliveries each at most so many at a time. It counts as told unless `fail` says otherwise. */
  takeDue(max: number): readonly (Read | Delivered)[] {
    const due: (Read | Delivered)[] = [];
    const unread = [...this.#read].filter(([, { wanted, done }]) => wanted > done);
    for (const [conversation] of unread.slice(0, max)) due.push(...this.#takeReading(conversation));
    for (const [conversation, roots] of this.#threads) {
      for (const [thread, { wanted, done }] of roots) {
        if (wanted > done) due.push({ command: 'read', conversation, sequence: wanted, thread });
        roots.set(thread, { wanted, done: wanted });
      }
    }
    let left = max;
    for (const [conversation, { wanted, done }] of this.#delivered) {
      if (wanted <= done || left === 0) continue;
      this.#delivered.set(conversation, { wanted, done: wanted });
      if (wanted <= this.readUpTo(conversation)) continue;
      due.push({ command: 'delivered', conversation, sequence: wanted });
      left -= 1;
    }
    return due;
  }

  /** It did not get through: it is due again. */
  fail(told: Read | Delivered): void {
    const { command, conversation } = told;
    if (command === 'read' && told.thread !== undefined) {
      failIn(this.#threads.get(conversation) ?? new Map(), told.thread);
      return;
    }
    failIn(command === 'read' ? this.#read : this.#delivered, conversation);
  }

  /** The connection is gone, and what was told last may not have arrived: it is told again, which does nothing twice. */
  failAll(): void {
    for (const cursors of [this.#read, this.#delivered, ...this.#threads.values()]) {
      for (const key of cursors.keys()) failIn(cursors, key);
    }
  }

  /** The server knows of reading up to here, from this device or another. */
  confirmRead(conversation: ConversationId, sequence: number): void {
    const cursor = this.#read.get(conversation);
    if (cursor !== undefined && cursor.wanted <= sequence) this.#read.delete(conversation);
  }

  /** Another history or another stay: its sequences say nothing here. */
  forget(conversation: ConversationId): void {
    this.#read.delete(conversation);
    this.#delivered.delete(conversation);
    this.#threads.delete(conversation);
    this.#version += 1;
  }

  forgetAll(): void {
    this.#read.clear();
    this.#delivered.clear();
    this.#threads.clear();
    this.#version += 1;
  }

  #takeReading(conversation: ConversationId): readonly Read[] {
    const { wanted, done } = this.#read.get(conversation) ?? none;
    if (wanted <= done) return [];
    this.#read.set(conversation, { wanted, done: wanted });
    return [{ command: 'read', conversation, sequence: wanted }];
  }
}

function failIn(cursors: Map<number, Cursor>, key: number): void {
  const cursor = cursors.get(key);
  if (cursor !== undefined) cursors.set(key, { ...cursor, done: 0 });
}

function want(cursors: Map<number, Cursor>, key: number, sequence: number): void {
  const cursor = cursors.get(key) ?? none;
  if (sequence > cursor.wanted) cursors.set(key, { ...cursor, wanted: sequence });
}
