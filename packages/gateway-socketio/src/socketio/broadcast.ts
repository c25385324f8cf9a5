import type { TopicClass } from '@everywire/server';
import { callGuarded, checkDuration } from '@everywire/server/internal';
import type { SocketIoBroadcast, SocketIoSocket } from '../socket-io.js';

/** The recipients and options of a broadcast. */
export interface BroadcastTarget {
  /** The rooms; empty for all sockets of the namespace. */
  readonly rooms: readonly string[];
  readonly except: readonly string[];
  /** The sender, which is excluded. */
  readonly sender: { readonly serial: number } | undefined;
  readonly topicClass: TopicClass;
  /** The timeout of acknowledgements in milliseconds; `null` waits until all clients have answered or left. */
  readonly timeoutMs: number | null;
}

/** The target of a broadcast to all sockets of a namespace. */
export const EVERYONE: BroadcastTarget = {
  rooms: [],
  except: [],
  sender: undefined,
  topicClass: 'durable',
  timeoutMs: null,
};

/** Receives the result; called once. A returned promise is that of a callback of the application. */
export type Settle = (error: Error | null, values: readonly unknown[]) => unknown;

/** A recipient of broadcasts. */
export interface ReachedSocket extends SocketIoSocket {
  /** Emits an event and waits for the answer. @throws TypeError for a reserved name */
  ask(event: string, values: readonly unknown[], timeoutMs: number | null, settle: Settle): void;
}

/** The operations of a namespace that broadcasts need. */
export interface BroadcastNamespace {
  /**
   * @throws TypeError for a reserved name and for values that JSON cannot write, WireError `message_too_big`,
   * `topic_invalid`
   */
  publish(target: BroadcastTarget, event: string, values: readonly unknown[]): void;
  /** @throws TypeError, RangeError, as `publish` */
  check(event: string, values: readonly unknown[]): void;
  /** Returns the recipients connected to this node. */
  reached(target: BroadcastTarget): readonly ReachedSocket[];
  /** Called when a callback for answers throws. */
  onFailed(error: unknown): void;
}

/** Returns the rooms as an array of strings, because JavaScript applications also pass numbers. */
export function listOf(rooms: string | readonly string[]): readonly string[] {
  return typeof rooms === 'object' ? rooms.map(String) : [String(rooms)];
}

/** Emits to many sockets. Each method returns a new object, so that one can be kept and reused. */
export class Broadcast implements SocketIoBroadcast {
  readonly #namespace: BroadcastNamespace;
  readonly #target: BroadcastTarget;

  constructor(namespace: BroadcastNamespace, target: BroadcastTarget) {
    this.#namespace = namespace;
    this.#target = target;
  }

  to(rooms: string | readonly string[]): Broadcast {
    const { rooms: before } = this.#target;
    return this.#with({ rooms: before.length === 0 ? listOf(rooms) : [...before, ...listOf(rooms)] });
  }

  in(rooms: string | readonly string[]): Broadcast {
    return this.to(rooms);
  }

  except(rooms: string | readonly string[]): Broadcast {
    return this.#with({ except: [...this.#target.except, ...listOf(rooms)] });
  }

  get volatile(): Broadcast {
    return this.#with({ topicClass: 'ephemeral' });
  }

  timeout(ms: number): Broadcast {
    return this.#with({ timeoutMs: checkDuration('timeout', ms) });
  }

  #with(change: Partial<BroadcastTarget>): Broadcast {
    return new Broadcast(this.#namespace, { ...this.#target, ...change });
  }

  emit(event: string, ...values: unknown[]): boolean {
    const answered = values.at(-1);
    if (typeof answered !== 'function') this.#namespace.publish(this.#target, event, values);
    else
      this.#ask(event, values.slice(0, -1), (error, answers) => Reflect.apply(answered, undefined, [error, answers]));
    return true;
  }

  emitWithAck(event: string, ...values: unknown[]): Promise<readonly unknown[]> {
    return new Promise((resolve, reject) => {
      this.#ask(event, values, (error, responses) =>
        error === null ? resolve(responses) : reject(Object.assign(error, { responses })),
      );
    });
  }

  #ask(event: string, values: readonly unknown[], settle: Settle): void {
    this.#namespace.check(event, values);
    const asked = this.#namespace.reached(this.#target);
    const answers: unknown[] = [];
    let missing = asked.length;
    let failure: Error | null = null;
    const end = (): void =>
      callGuarded(
        () => settle(failure, answers),
        (error) => this.#namespace.onFailed(error),
      );
    const answered: Settle = (error, [answer]) => {
      failure ??= error;
      if (error === null) answers.push(answer);
      missing -= 1;
      if (missing === 0) end();
    };
    if (missing === 0) end();
    for (const socket of asked) {
      // A socket with too many pending acknowledgements must not prevent those of others.
      try {
        socket.ask(event, values, this.#target.timeoutMs, answered);
      } catch (error) {
        answered(error as Error, []);
      }
    }
  }

  fetchSockets(): Promise<readonly SocketIoSocket[]> {
    return Promise.resolve(this.#namespace.reached(this.#target));
  }

  socketsJoin(rooms: string | readonly string[]): void {
    for (const socket of this.#namespace.reached(this.#target)) socket.join(rooms);
  }

  socketsLeave(rooms: string | readonly string[]): void {
    for (const socket of this.#namespace.reached(this.#target)) for (const room of listOf(rooms)) socket.leave(room);
  }

  disconnectSockets(close = false): void {
    for (const socket of this.#namespace.reached(this.#target)) socket.disconnect(close);
  }
}
