import type { Message } from '@everywire/protocol/internal';
import { createDeadline, type TickWheel } from '../tick-wheel.js';
import type { WireServerOptions } from '../wire-server.js';
import { encodeFrozen } from './frozen-session.js';
import type { SessionShell } from './session-shell.js';
import type { SessionTable } from './session-table.js';

/** How often it is looked whether sessions stand still, in milliseconds. */
const lookMs = 20;

export interface HandOverOptions {
  readonly wheel: TickWheel;
  readonly now: () => number;
  readonly table: Pick<SessionTable, 'sessions' | 'onHandlerFailed'>;
  readonly onFreeze: WireServerOptions['onFreeze'];
}

/**
 * Makes every session stand still, and of each that does a text by which another process goes on with it (SN-24). A session waits for its
 * handlers, for the replies that its client waits for, and first of all until it is confirmed and `onSession` has settled.
 */
export class HandOver {
  readonly #options: HandOverOptions;
  /** Of each frozen session what was sent since. */
  readonly #forwarded: Map<SessionShell, Message[]> = new Map();

  constructor(options: HandOverOptions) {
    this.#options = options;
  }

  /** @param deadlineMs those that do not stand still by then are left as they are */
  freeze(deadlineMs: number): Promise<readonly string[]> {
    const { wheel, now } = this.#options;
    const until = now() + deadlineMs;
    return new Promise((resolve) => {
      const look = (): void => {
        for (const session of this.#options.table.sessions(undefined)) this.#freeze(session);
        if (now() >= until || this.#isStill()) resolve(this.#take());
        else wheel.schedule(createDeadline(look), lookMs);
      };
      look();
    });
  }

  /** Its application is not known to it before `onSession` has settled; it is tried again. */
  #freeze(session: SessionShell): void {
    if (this.#forwarded.has(session) || session.isOpening) return;
    const forwarded: Message[] = [];
    const freezing = { forward: (message: Message) => void forwarded.push(message), settled: () => undefined };
    if (session.machine.freeze(freezing, this.#options.now())) this.#forwarded.set(session, forwarded);
  }

  #isStill(): boolean {
    return this.#options.table.sessions(undefined).every((session) => isSettled(session) && !session.isReplying);
  }

  /** All in one turn: what is sent afterwards finds no session. */
  #take(): readonly string[] {
    const texts: string[] = [];
    for (const [session, forwarded] of this.#forwarded) {
      if (session.machine.done !== null || !isSettled(session)) continue;
      session.giveUpReplies();
      try {
        const state = this.#options.onFreeze?.(session) ?? null;
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
