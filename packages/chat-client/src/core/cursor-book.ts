import type { ConversationId, Delivered, Read } from '@everywire/chat';

interface Cursor {
  readonly wanted: number;
  readonly done: number;
}

const none: Cursor = { wanted: 0, done: 0 };

/**
 * How far this device has read and received, and what of it the server knows. Only the furthest counts, so any number of steps is one
 * command: the shell calls `takeDue` at most once a second.
 */
export class CursorBook {
  readonly #read = new Map<ConversationId, Cursor>();
  readonly #delivered = new Map<ConversationId, Cursor>();
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
    return [...this.#read.values(), ...this.#delivered.values()].some(({ wanted, done }) => wanted > done);
  }

  wantRead(conversation: ConversationId, sequence: number): void {
    want(this.#read, conversation, sequence);
    this.#version += 1;
  }

  wantDelivered(conversation: ConversationId, sequence: number): void {
    want(this.#delivered, conversation, sequence);
  }

  /** What to tell now, deliveries at most so many at a time. It counts as told unless `fail` says otherwise. */
  takeDue(deliveredMax: number): readonly (Read | Delivered)[] {
    const due: (Read | Delivered)[] = [];
    for (const [conversation, { wanted, done }] of this.#read) {
      if (wanted > done) due.push({ command: 'read', conversation, sequence: wanted });
      this.#read.set(conversation, { wanted, done: wanted });
    }
    let left = deliveredMax;
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
  fail({ command, conversation }: Read | Delivered): void {
    const cursors = command === 'read' ? this.#read : this.#delivered;
    const cursor = cursors.get(conversation);
    if (cursor !== undefined) cursors.set(conversation, { ...cursor, done: 0 });
  }

  /** The connection is gone, and what was told last may not have arrived: it is told again, which does nothing twice. */
  failAll(): void {
    for (const cursors of [this.#read, this.#delivered]) {
      for (const [conversation, cursor] of cursors) cursors.set(conversation, { ...cursor, done: 0 });
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
    this.#version += 1;
  }

  forgetAll(): void {
    this.#read.clear();
    this.#delivered.clear();
    this.#version += 1;
  }
}

function want(cursors: Map<ConversationId, Cursor>, conversation: ConversationId, sequence: number): void {
  const cursor = cursors.get(conversation) ?? none;
  if (sequence > cursor.wanted) cursors.set(conversation, { ...cursor, wanted: sequence });
}
