import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { simulate } from './simulate.js';
import { simulateMixed } from './simulate-mixed.js';
import { type Portion, Summary } from './summary.js';

// The program behind `npm run simulate`: runs seeds of the simulation of a session, in several processes, and reports
// the runs that violated a rule.

const usage = 'npm run simulate -- [--seeds N] [--from S] [--processes P] [--mixed] [--trace]';
/**
 * For each seed that is a multiple of this, two sessions whose answers a proxy mixes up are run as well. With `--mixed`,
 * such pairs are run for all seeds, and nothing else.
 */
const mixedEvery = 10;
/**
 * Number of seeds that a worker runs for each request. Large enough that requests cost little, small enough that all
 * workers end at about the same time.
 */
const portionSeeds = 250;
const onlyMixed = process.argv.includes('--mixed');
/** From this number of seeds on, each fault must have occurred. */
const faultsFrom = 2000;

/** Consecutive seeds to run. */
interface Task {
  readonly from: number;
  readonly seeds: number;
}

/** Returns the value of a numeric option. Exits with a usage message if the value is invalid. */
function option(name: string, fallback: number): number {
  const index = process.argv.indexOf(`--${name}`);
  if (index < 0) return fallback;
  const value = Number(process.argv[index + 1]);
  if (!Number.isSafeInteger(value) || value < 0) {
    console.error(`--${name} wants a whole number: ${usage}`);
    process.exit(2);
  }
  return value;
}

/** Runs the seeds of a task in this process. */
function run({ from, seeds }: Task, trace?: (line: string) => void): Summary {
  const summary = new Summary();
  const options = trace ? { trace } : {};
  for (let seed = from; seed < from + seeds; seed += 1) {
    if (!onlyMixed) summary.add(simulate(seed, options));
    if (onlyMixed || seed % mixedEvery === 0) for (const result of simulateMixed(seed, options)) summary.add(result);
  }
  return summary;
}

/** Distributes the seeds in portions to worker processes, one per core, each running this program. */
function runInProcesses(tasks: Task[], processes: number, onPortion: (portion: Portion) => void): Promise<void> {
  const worker = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(process.argv[1] as string, ['--worker', ...(onlyMixed ? ['--mixed'] : [])]);
      const next = (): void => {
        const task = tasks.shift();
        if (task) child.send(task);
        else child.disconnect();
      };
      child.on('message', (portion) => {
        onPortion(portion as Portion);
        next();
      });
      child.on('error', reject);
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
      next();
    });
  return Promise.all(Array.from({ length: processes }, worker)).then(() => undefined);
}

async function main(): Promise<void> {
  const from = option('from', 1);
  const seeds = option('seeds', 2000);
  const processes = Math.max(1, option('processes', availableParallelism()));
  const trace = process.argv.includes('--trace') ? (line: string): void => console.log(line) : undefined;
  const startedAt = performance.now();
  let progressAt = startedAt + 5000;
  const total = new Summary();
  const report = (portion: Portion): void => {
    total.merge(portion);
    for (const { seed, mixed, broken } of portion.failures) {
      console.log(`seed ${seed}: ${broken}`);
      console.log(`  again: npm run simulate --${mixed ? ' --mixed' : ''} --from ${seed} --seeds 1 --trace`);
    }
    if (performance.now() < progressAt) return;
    progressAt += 5000;
    console.log(`${total.seeds} of ${seeds} seeds`);
  };
  if (trace || seeds <= portionSeeds) report(run({ from, seeds }, trace).portion);
  else {
    const tasks: Task[] = [];
    for (let at = from; at < from + seeds; at += portionSeeds)
      tasks.push({ from: at, seeds: Math.min(portionSeeds, from + seeds - at) });
    await runInProcesses(tasks, processes, report);
  }
  for (const line of total.faultLines) console.log(line);
  console.log(`${total.line}; ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  for (const [kind, seedsOf] of byKind(total))
    console.log(`${seedsOf.length} x ${kind}: ${seedsOf.slice(0, 5).join(', ')}`);
  const missing = seeds >= faultsFrom && !onlyMixed ? total.missing : [];
  if (missing.length > 0) console.log(`never injected: ${missing.join('; ')}`);
  process.exitCode = total.failures.length > 0 || missing.length > 0 ? 1 : 0;
}

/** Groups the failed seeds by the description of the violation without its numbers. */
function byKind({ failures }: Summary): ReadonlyMap<string, readonly number[]> {
  const kinds = new Map<string, number[]>();
  for (const { seed, broken } of failures) {
    const kind = broken.replaceAll(/\d+/g, '#');
    kinds.set(kind, [...(kinds.get(kind) ?? []), seed]);
  }
  return kinds;
}

if (process.argv.includes('--worker')) process.on('message', (task) => process.send?.(run(task as Task).portion));
else await main();
