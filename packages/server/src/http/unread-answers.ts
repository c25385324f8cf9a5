import type { Socket } from 'node:net';
import { chooseWriter } from '../sockets/choose-writer.js';
import { createDeadline, type TimerEntry, type TimerWheel } from '../timer-wheel.js';

/**
 * Cuts connections whose client does not read an answer that has ended. Such an answer may be as long as what may wait
 * for a client, and its client may have given its place back, so that no other limit applies.
 */
export class UnreadAnswers {
  readonly #wheel: TimerWheel;
  readonly #lingerMs: number;
  readonly #directSockets: boolean;
  readonly #deadlines: WeakMap<Socket, TimerEntry> = new WeakMap();

  /** @param lingerMs for which an answer may stay unread after its end */
  constructor(wheel: TimerWheel, lingerMs: number, directSockets: boolean) {
    this.#wheel = wheel;
    this.#lingerMs = lingerMs;
    this.#directSockets = directSockets;
  }

  /** Must be called at the start of an answer, whose client has read the earlier ones. */
  began(socket: Socket | null): void {
    const deadline = socket === null ? undefined : this.#deadlines.get(socket);
    if (deadline !== undefined) this.#wheel.cancel(deadline);
  }

  /** Must be called when the last bytes of an answer are written. */
  ended(socket: Socket | null): void {
    if (socket === null || !this.#isUnread(socket)) return;
    this.#wheel.schedule(this.#deadlines.get(socket) ?? this.#createDeadline(socket), this.#lingerMs);
  }

  #isUnread(socket: Socket): boolean {
    return chooseWriter(socket, this.#directSockets).waitingBytes(socket) > 0;
  }

  #createDeadline(socket: Socket): TimerEntry {
    const deadline = createDeadline(() => {
      if (this.#isUnread(socket)) socket.destroy();
    });
    this.#deadlines.set(socket, deadline);
    socket.once('close', () => this.#wheel.cancel(deadline));
    return deadline;
  }
}
