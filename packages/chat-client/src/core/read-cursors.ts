import type { ConversationId, Delivered, KeyedCommand, Read } from '@everywire/chat';

/** A position in a conversation or thread, as the sequence of a message. */
interface Cursor {
  /** The position that this device has reached. */
  readonly wanted: number;
  /** The position that was sent to the server, possibly without an answer yet; 0 if none is. */
  readonly done: number;
}

const none: Cursor = { wanted: 0, done: 0 };

/**
 * Tracks how far the user has read and this device has received each conversation, and how much of that was sent to the
 * server. Only the furthest position counts, so any number of steps becomes one command. The core calls `takeDue` about
 * once a second.
 */
export class ReadCursors {
  readonly #read = new Map<ConversationId, Cursor>();
  readonly #delivered = new Map<ConversationId, Cursor>();
  /** Read positions in threads, by conversation and root. Each is kept until the server has accepted it. */
  readonly #threads = new Map<ConversationId, Map<number, Cursor>>();
  /** Rises with each change that views depend on, so that they can be cached. */
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /**
   * Returns how far the user has read on this device, whether or not the server knows it. Returns 0 if the server is as
   * far.
   */
  readUpTo(conversation: ConversationId): number {
    return this.#read.get(conversation)?.wanted ?? 0;
  }

  /** Returns whether there is anything to send. */
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

  /** Returns how far the user has read a thread on this device; 0 if the server has accepted that position. */
  readThreadUpTo(conversation: ConversationId, root: number): number {
    return this.#threads.get(conversation)?.get(root)?.wanted ?? 0;
  }

  /** Forgets a thread's cursor that the server has accepted. */
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

  /**
   * Takes the read positions to send before a command. Reading clears the user's manual mark "unread", so the read
   * position must be sent before a `mark` command (CH-19).
   */
  takeBefore(command: KeyedCommand): readonly Read[] {
    return command.command === 'mark' ? this.#takeReading(command.conversation) : [];
  }

  /**
   * Takes the positions to send now: at most `max` reads of conversations, all due reads of threads, and at most `max`
   * deliveries. They count as sent until `fail` or `failAll` is called. A delivery is omitted if the conversation was
   * read at least as far.
   */
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

  /** Makes a position due again after its command failed. */
  fail(sent: Read | Delivered): void {
    const { command, conversation } = sent;
    if (command === 'read' && sent.thread !== undefined) {
      failIn(this.#threads.get(conversation) ?? new Map(), sent.thread);
      return;
    }
    failIn(command === 'read' ? this.#read : this.#delivered, conversation);
  }

  /** Makes all positions due again after the connection is lost. A position may be sent twice, which is harmless. */
  failAll(): void {
    for (const cursors of [this.#read, this.#delivered, ...this.#threads.values()]) {
      for (const key of cursors.keys()) failIn(cursors, key);
    }
  }

  /**
   * Forgets a read position that the server knows from this device or another. `sequence`: the read position at the
   * server.
   */
  confirmRead(conversation: ConversationId, sequence: number): void {
    const cursor = this.#read.get(conversation);
    if (cursor !== undefined && cursor.wanted <= sequence) this.#read.delete(conversation);
  }

  /**
   * Forgets a conversation whose sequences now mean other messages, because the server has another history or the user
   * was removed and added again.
   */
  forget(conversation: ConversationId): void {
    this.#read.delete(conversation);
    this.#delivered.delete(conversation);
    this.#threads.delete(conversation);
    this.#version += 1;
  }

  /** Forgets all conversations. */
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
