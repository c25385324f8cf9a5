import { afterAll, expect, it } from 'vitest';
import { assertsFigures } from '../lane.js';
import type { ChatProgramOptions } from './chat-program.js';
import { ChatTarget, type Pair } from './chat-target.js';
import { laneTags } from './rows.js';
import { STALL_MS_MAX } from './stall-limit.js';

/** Bytes that a server may hold more than before: what people said is kept in memory here, and code was compiled meanwhile. */
const BYTES_MAX = 16 << 20;

const targets = new Map<string, Promise<ChatTarget>>();
afterAll(async () => {
  for (const target of targets.values()) await (await target).end();
  targets.clear();
});

/**
 * One row of the list of hostile input against the chat: what is done to a server on which two honest people talk meanwhile, and
 * the rule for every row, checked behind it. Rows with the same settings share a server.
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

/** Two who talk: one says something when the other has heard what was said before. */
class Honest {
  readonly #pair: Pair;
  readonly #talk: Promise<number>;
  #stopped = false;

  constructor(pair: Pair) {
    this.#pair = pair;
    this.#talk = this.#talkOn();
    this.#talk.catch(() => undefined);
  }

  /** Everything came, once and in order, and what is said from now on goes through as well. */
  async expectUnharmed(): Promise<void> {
    this.#stopped = true;
    const said = await this.#talk;
    const heard = this.#pair.b.events.flatMap((event) =>
      event.event === 'commit' && event.row?.body.kind === 'text' ? [event.row.body.text] : [],
    );
    expect(heard).toEqual(Array.from({ length: said }, (_, at) => `said ${at}`));
  }

  async #talkOn(): Promise<number> {
    const { a, b, conversation } = this.#pair;
    for (let said = 0; ; ) {
      const last = this.#stopped;
      const text = `said ${said}`;
      await a.ok({ command: 'send', conversation, text });
      await b.event('commit', ({ row }) => row?.body.kind === 'text' && row.body.text === text);
      said += 1;
      if (last) return said;
    }
  }
}
