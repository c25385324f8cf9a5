import { callNow, type Message } from '@everywire/protocol/internal';
import { createDeadline, type TimerWheel } from '../timer-wheel.js';
import type { WireServerOptions } from '../wire-server.js';
import { encodeFrozen } from './frozen-session.js';
import type { SessionShell } from './session-shell.js';
import type { SessionTable } from './session-table.js';

/** Milliseconds between two checks whether all sessions are frozen. */
const LOOK_MS = 20;

/** Options of `HandOver`. */
export interface HandOverOptions {
  readonly wheel: TimerWheel;
  readonly now: () => number;
  readonly table: Pick<SessionTable, 'sessions' | 'onHandlerFailed'>;
  readonly onFreeze: WireServerOptions['onFreeze'];
}

/**
 * Freezes all sessions and returns a text for each, from which another process can restore it (SN-24). A session is
 * frozen once all of this holds: it is confirmed, `onSession` has settled, its handlers are done, and its client waits
 * for no reply.
 */
export class HandOver {
  readonly #options: HandOverOptions;
  /** The messages sent since the freeze, by session. */
  readonly #forwarded: Map<SessionShell, Message[]> = new Map();

  constructor(options: HandOverOptions) {
    this.#options = options;
  }

  /** @param deadlineMs sessions that are not frozen after this time are left unchanged */
  freeze(deadlineMs: number): Promise<readonly string[]> {
    const { wheel, now } = this.#options;
    const until = now() + deadlineMs;
    return new Promise((resolve) => {
      const look = (): void => {
        for (const session of this.#options.table.sessions(undefined)) this.#freeze(session);
        if (now() >= until || this.#isStill()) resolve(this.#take());
        else wheel.schedule(createDeadline(look), LOOK_MS);
      };
      look();
    });
  }

  /** Tries to freeze a session. No-op while `onSession` is pending; the next check tries again. */
  #freeze(session: SessionShell): void {
    if (this.#forwarded.has(session) || session.isOpening) return;
    const forwarded: Message[] = [];
    const freezing = { forward: (message: Message) => void forwarded.push(message), settled: () => undefined };
    if (session.machine.freeze(freezing, this.#options.now())) this.#forwarded.set(session, forwarded);
  }

  #isStill(): boolean {
    return this.#options.table.sessions(undefined).every((session) => isSettled(session) && !session.isReplying);
  }

  /** Encodes all frozen sessions and removes them, in one tick, so that no message can arrive in between. */
  #take(): readonly string[] {
    const texts: string[] = [];
    for (const [session, forwarded] of this.#forwarded) {
      if (session.machine.done !== null || !isSettled(session)) continue;
      session.giveUpReplies();
      try {
        const state = callNow('onFreeze', () => this.#options.onFreeze?.(session)) ?? null;
        texts.push(encodeFrozen(session, forwarded, state, this.#options.now()));
        session.moved();
      } catch (error) {
        this.#options.table.onHandlerFailed(session, error);
      }
    }
    return texts;
  }
}

function isSettled({ machine }: SessionShell): boolean {
  return machine.delivery.freeze?.isSettled === true;
}
