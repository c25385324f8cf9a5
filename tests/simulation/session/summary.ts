import { CensusTotal, type FaultName } from './census.js';
import type { RunResult } from './run-result.js';

/** Sums over all runs: carriers are links; `repeated` and `sent` are bytes; `clean` is the number of runs that closed cleanly. */
const figures = ['seeds', 'messages', 'carriers', 'repeated', 'sent', 'clean'] as const;
/** Numbers of runs: rollbacks that lost a session or not, and removed frames that were noticed or had no effect. */
const outcomes = ['lost', 'survived', 'noticed', 'harmless'] as const;
type Figure = (typeof figures)[number] | (typeof outcomes)[number];

/** A run with a violation. */
export interface Failure {
  readonly seed: number;
  readonly mixed: boolean;
  readonly broken: string;
}

/** The content of a `Summary` as JSON, which a worker process sends to the main process. */
export interface Portion {
  readonly totals: Readonly<Record<Figure, number>>;
  readonly faults: readonly (readonly [FaultName, number, number])[];
  readonly latencies: readonly (readonly [number, number])[];
  readonly failures: readonly Failure[];
}

/** Sums the results of many runs. Its memory does not grow with the number of runs. */
export class Summary {
  readonly failures: Failure[] = [];
  readonly #totals = Object.fromEntries([...figures, ...outcomes].map((name) => [name, 0])) as Record<Figure, number>;
  readonly #faults = new CensusTotal();
  /** Number of messages for each latency in milliseconds. */
  readonly #latencies = new Map<number, number>();

  add(result: RunResult): void {
    const totals = this.#totals;
    totals.seeds += 1;
    totals.messages += result.messages;
    totals.carriers += result.carriers;
    totals.repeated += result.bytesRepeated;
    totals.sent += result.bytesSent;
    totals.clean += Number(result.clean);
    totals.lost += Number(result.rolledBack === 'lost');
    totals.survived += Number(result.rolledBack === 'survived');
    totals.noticed += Number(result.removed === 'lost');
    totals.harmless += Number(result.removed === 'harmless');
    this.#faults.add(result.faults);
    for (const ms of result.latencies) this.#latencies.set(ms, (this.#latencies.get(ms) ?? 0) + 1);
    if (result.broken) this.failures.push({ seed: result.seed, mixed: result.mixed, broken: result.broken });
  }

  get portion(): Portion {
    return {
      totals: this.#totals,
      faults: this.#faults.rows,
      latencies: [...this.#latencies],
      failures: this.failures,
    };
  }

  merge({ totals, faults, latencies, failures }: Portion): void {
    for (const name of [...figures, ...outcomes]) this.#totals[name] += totals[name];
    this.#faults.merge(faults);
    for (const [ms, count] of latencies) this.#latencies.set(ms, (this.#latencies.get(ms) ?? 0) + count);
    this.failures.push(...failures);
  }

  get seeds(): number {
    return this.#totals.seeds;
  }

  /** The faults that never occurred in these runs. */
  get missing(): readonly FaultName[] {
    return this.#faults.missing;
  }

  /** The table shown in `docs/guides/faults.md`. */
  get faultLines(): readonly string[] {
    return this.#faults.rows.map(
      ([name, runs, times]) =>
        `${name.padEnd(44)} ${String(runs).padStart(8)} runs ${String(times).padStart(10)} times`,
    );
  }

  /** All sums in one line. */
  get line(): string {
    const { seeds, messages, carriers, clean, repeated, sent, lost, survived, noticed, harmless } = this.#totals;
    const { mean, p99 } = this.#latency;
    return (
      `${seeds} seeds, ${this.failures.length} broken; ${messages} messages, ${carriers} links, ${clean} closed cleanly; ` +
      `latency mean ${Math.round(mean)} ms, p99 ${p99} ms; ` +
      `${((100 * repeated) / Math.max(1, sent)).toFixed(1)} % of ${sent} bytes repeated; ` +
      `rolled back: ${lost} lost, ${survived} without effect; frames removed: ${noticed} noticed, ${harmless} without effect`
    );
  }

  get #latency(): { readonly mean: number; readonly p99: number } {
    const rows = [...this.#latencies].sort(([a], [b]) => a - b);
    const count = rows.reduce((sum, [, times]) => sum + times, 0);
    let left = count * 0.99;
    const p99 = rows.find(([, times]) => {
      left -= times;
      return left < 0;
    });
    const sum = rows.reduce((total, [ms, times]) => total + ms * times, 0);
    return { mean: sum / Math.max(1, count), p99: p99?.[0] ?? 0 };
  }
}
