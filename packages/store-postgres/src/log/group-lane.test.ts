import { type ChangeOutcome, StoreError } from '@everywire/chat';
import { DatabaseError } from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { anyHistory } from '../database/store-connection.js';
import { WriteHealth } from '../database/write-health.js';
import { GroupLane, POSTPONED, type Ran } from './group-lane.js';
import type { LaneTransaction } from './lane-connection.js';

// Tests what a lane answers when a transaction fails, with transactions that fail as the test says.

type Outcome = ChangeOutcome<string, string>;
interface Change {
  readonly text: string;
}
/** What happens to one transaction: its results, and how its begin, its commit or its confirmation ends. */
interface Step {
  readonly begin?: Error;
  readonly ran?: (group: readonly Change[]) => readonly Ran<Outcome>[];
  readonly end?: Error;
}

const epoch = 'e';
const committed = (result = 'at 1'): Outcome => ({ outcome: 'committed', epoch, result, notices: 'tell the members' });
const repeated = (result = 'at 1', at = epoch): Outcome => ({ outcome: 'repeated', epoch: at, result });
const all = (outcome: Outcome) => (group: readonly Change[]) => group.map(() => ({ outcome }));
const lost = (code: 'busy' | 'unknown'): StoreError => new StoreError(code, 'the connection is lost');
const refusal = new DatabaseError('out of shared memory', 0, 'error');
refusal.code = '53200';

describe('a lane', () => {
  const onCommitted = vi.fn();
  beforeEach(() => {
    onCommitted.mockClear();
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Creates a lane whose transactions go as `steps` say, the last step again and again; returns what it ran too. */
  function laneOf(...steps: readonly Step[]): { lane: GroupLane<Change, Outcome>; groups: string[][] } {
    const groups: string[][] = [];
    const lane = new GroupLane<Change, Outcome>({
      url: '',
      history: anyHistory,
      health: new WriteHealth(),
      foundAs: 'repeated',
      take: (waiting, most) => new Set(waiting.slice(0, most)),
      decide: async (_, group) => {
        const { begin, ran = all(committed()), end } = steps[Math.min(groups.length, steps.length - 1)] ?? {};
        groups.push(group.map(({ text }) => text));
        if (begin !== undefined) throw begin;
        const finish = async (): Promise<void> => {
          if (end !== undefined) throw end;
        };
        const transaction = { commit: finish, confirm: finish, rollback: finish } as unknown as LaneTransaction;
        const results = ran(group);
        const isWriting = results.some(
          (each) => each !== POSTPONED && 'outcome' in each && each.outcome.outcome === 'committed',
        );
        return { transaction, ran: results, writes: isWriting ? [{ text: 'INSERT' }] : [], onCommitted };
      },
    });
    return { lane, groups };
  }

  /** Submits changes at once; returns the outcome, or the code of the error, of each. */
  async function submit(lane: GroupLane<Change, Outcome>, ...texts: readonly string[]): Promise<readonly string[]> {
    const answers = texts.map((text) =>
      lane.submit({ text }).then(
        ({ outcome }) => outcome,
        (error: StoreError) => error.code,
      ),
    );
    await vi.runAllTimersAsync();
    return Promise.all(answers);
  }

  it('[CM-3.2] a change whose COMMIT was lost is committed when the retry finds its command, with what follows from it', async () => {
    const { lane } = laneOf({ end: lost('unknown') }, { ran: all(repeated()) });
    expect(await submit(lane, 'a')).toEqual(['committed']);
    expect(onCommitted).toHaveBeenCalledTimes(1);
  });

  it('a change that another node committed meanwhile is repeated: this lane sent no COMMIT, or another history has it', async () => {
    const unsent = laneOf({ end: lost('busy') }, { ran: all(repeated()) });
    expect(await submit(unsent.lane, 'a')).toEqual(['repeated']);
    const moved = laneOf({ end: lost('unknown') }, { ran: all(repeated('at 1', 'another')) });
    expect(await submit(moved.lane, 'a')).toEqual(['repeated']);
    const other = laneOf({ end: lost('unknown') }, { ran: all(repeated('at 2')) });
    expect(await submit(other.lane, 'a')).toEqual(['repeated']);
  });

  it('a change found by a retry stays committed when the confirmation is lost too', async () => {
    const { lane } = laneOf(
      { end: lost('unknown') },
      { ran: all(repeated()), end: lost('unknown') },
      { ran: all(repeated()) },
    );
    expect(await submit(lane, 'a')).toEqual(['committed']);
  });

  it('[CM-3.2] only what may have been committed is unknown; the rest is busy, and all are answered together', async () => {
    const someRefused = (group: readonly Change[]): readonly Ran<Outcome>[] =>
      group.map(({ text }) => ({ outcome: text === 'b' ? { outcome: 'refused', code: 'denied' } : committed() }));
    const { lane } = laneOf({ ran: someRefused, end: lost('unknown') }, { begin: lost('busy') });
    const first = submit(lane, 'a', 'b');
    await vi.advanceTimersByTimeAsync(1);
    const waiting = submit(lane, 'c', 'd');
    expect(await first).toEqual(['unknown', 'busy']);
    expect(await waiting).toEqual(['busy', 'busy']);
  });

  it('[CM-3.2] a change that may have been committed is unknown also when a statement of the retry fails', async () => {
    const { lane } = laneOf({ end: lost('unknown') }, { begin: refusal });
    expect(await submit(lane, 'a')).toEqual(['unknown']);
  });

  it('a change without a connection is tried for 0.7 s, one that may have been committed for 5 s', async () => {
    const spanOf = async (...steps: readonly Step[]): Promise<number> => {
      const { lane } = laneOf(...steps);
      const begun = performance.now();
      let over = 0;
      void lane.submit({ text: 'a' }).catch(() => {
        over = performance.now() - begun;
      });
      await vi.runAllTimersAsync();
      return over;
    };
    const [unsent, sent] = [
      await spanOf({ begin: lost('busy') }),
      await spanOf({ end: lost('unknown') }, { begin: lost('busy') }),
    ];
    expect(unsent).toBeGreaterThan(700);
    expect(unsent).toBeLessThan(1_000);
    expect(sent).toBeGreaterThan(5_000);
    expect(sent).toBeLessThan(5_500);
  });

  it('the failure of one change fails no other change of its group', async () => {
    const { lane, groups } = laneOf({ begin: refusal }, {}, { begin: refusal }, {});
    expect(await submit(lane, 'a', 'b', 'c')).toEqual(['committed', 'busy', 'committed']);
    expect(groups).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  it('a postponed change runs before those that came after it', async () => {
    const postponed = (group: readonly Change[]): readonly Ran<Outcome>[] =>
      group.map(({ text }) => (text === 'a' ? POSTPONED : { outcome: committed() }));
    const { lane, groups } = laneOf({ ran: postponed }, {});
    const first = submit(lane, 'a', 'b');
    await Promise.resolve();
    await Promise.resolve();
    expect(await submit(lane, 'c')).toEqual(['committed']);
    expect(await first).toEqual(['committed', 'committed']);
    expect(groups).toEqual([
      ['a', 'b'],
      ['a', 'c'],
    ]);
  });
});
