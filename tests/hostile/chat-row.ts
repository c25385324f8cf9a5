import { afterAll, expect, it } from 'vitest';
import { assertsFigures } from '../lane.js';
import type { ChatProgramOptions } from './chat-program.js';
import { ChatTarget, type Pair } from './chat-target.js';
import { laneTags } from './rows.js';
import { STALL_MS_MAX } from './stall-limit.js';

/** The most bytes by which the server's memory may grow. It includes the stored messages and compiled code. */
const BYTES_MAX = 16 << 20;

/** The attacked servers, by their options. */
const targets = new Map<string, Promise<ChatTarget>>();
afterAll(async () => {
  for (const target of targets.values()) await (await target).end();
  targets.clear();
});

/**
 * Defines the test of one row of the list of hostile input (`rows.ts`) against the chat. Runs the attack on a server while
 * two honest users exchange messages. Then checks what must hold for every row: no error, no long stall, no lost message,
 * and no memory that stays in use. Rows with the same options share a server.
 */
export function chatRow(
  name: string,
  options: ChatProgramOptions,
  attack: (target: ChatTarget) => Promise<void>,
): void {
  it(name, { tags: laneTags(name) }, async () => {
    const key = JSON.stringify(options);
    const started = targets.get(key) ?? ChatTarget.start(options);
    targets.set(key, started);
    const target = await started;
    const honest = new Honest(await target.pair());
    const before = await target.report();
    await attack(target);
    await honest.expectUnharmed();
    target.closeSessions();
    expect(target.running).toBe(true);
    const after = await target.report();
    expect(after.errors).toEqual([]);
    expect(after.lines.filter((line) => /failed|TypeError|RangeError/.test(line))).toEqual([]);
    if (!assertsFigures) return;
    expect(after.stallMs).toBeLessThanOrEqual(STALL_MS_MAX);
    // Connections of the attack may still be closing.
    await expect.poll(async () => (await target.report()).bytes - before.bytes).toBeLessThanOrEqual(BYTES_MAX);
  });
}

/** A conversation of two users: each sends a message when the other has received the previous one. */
class Honest {
  readonly #pair: Pair;
  readonly #talk: Promise<number>;
  #stopped = false;

  constructor(pair: Pair) {
    this.#pair = pair;
    this.#talk = this.#talkOn();
    this.#talk.catch(() => undefined);
  }

  /** Checks that every message arrived once and in order, and that further messages get through. */
  async expectUnharmed(): Promise<void> {
    this.#stopped = true;
    const count = await this.#talk;
    const received = this.#pair.b.events.flatMap((event) =>
      event.event === 'commit' && event.row?.body.kind === 'text' ? [event.row.body.text] : [],
    );
    expect(received).toEqual(Array.from({ length: count }, (_, at) => `said ${at}`));
  }

  async #talkOn(): Promise<number> {
    const { a, b, conversation } = this.#pair;
    for (let count = 0; ; ) {
      const last = this.#stopped;
      const text = `said ${count}`;
      await a.ok({ command: 'send', conversation, text });
      await b.event('commit', ({ row }) => row?.body.kind === 'text' && row.body.text === text);
      count += 1;
      if (last) return count;
    }
  }
}
