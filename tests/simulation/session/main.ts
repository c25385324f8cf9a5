import { simulate } from './simulate.js';

const usage = 'npm run simulate -- [--seeds N] [--from S] [--trace]';

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

const from = option('from', 1);
const seeds = option('seeds', 2000);
const trace = process.argv.includes('--trace') ? (line: string): void => console.log(line) : undefined;
const startedAt = performance.now();
const total = {
  messages: 0,
  carriers: 0,
  repeated: 0,
  sent: 0,
  clean: 0,
  lost: 0,
  survived: 0,
  noticed: 0,
  harmless: 0,
};
const latencies: number[] = [];
const failures = new Map<string, number[]>();
let progressAt = startedAt + 5000;

for (let seed = from; seed < from + seeds; seed += 1) {
  const result = simulate(seed, trace ? { trace } : {});
  total.messages += result.messages;
  total.carriers += result.carriers;
  total.repeated += result.bytesRepeated;
  total.sent += result.bytesSent;
  total.clean += Number(result.clean);
  total.lost += Number(result.rolledBack === 'lost');
  total.survived += Number(result.rolledBack === 'survived');
  total.noticed += Number(result.removed === 'lost');
  total.harmless += Number(result.removed === 'harmless');
  // Every message of 2,000 runs is too many to keep; every 16th shows the same spread.
  for (let k = seed % 16; k < result.latencies.length; k += 16) latencies.push(result.latencies[k] as number);
  if (result.broken) {
    const kind = result.broken.replaceAll(/\d+/g, '#');
    failures.set(kind, [...(failures.get(kind) ?? []), seed]);
    console.log(`seed ${seed}: ${result.broken}`);
    console.log(`  again: npm run simulate -- --from ${seed} --seeds 1 --trace`);
  }
  if (performance.now() > progressAt) {
    progressAt += 5000;
    console.log(`${seed - from + 1} of ${seeds} seeds`);
  }
}

latencies.sort((a, b) => a - b);
const mean = latencies.reduce((sum, value) => sum + value, 0) / Math.max(1, latencies.length);
const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? 0;
const failed = [...failures.values()].reduce((sum, seedsOf) => sum + seedsOf.length, 0);
console.log(
  `${seeds} seeds, ${failed} broken; ${total.messages} messages, ${total.carriers} links, ` +
    `${total.clean} closed cleanly; latency mean ${Math.round(mean)} ms, p99 ${p99} ms; ` +
    `${((100 * total.repeated) / Math.max(1, total.sent)).toFixed(1)} % of ${total.sent} bytes repeated; ` +
    `rolled back: ${total.lost} lost, ${total.survived} without effect; ` +
    `frames removed: ${total.noticed} noticed, ${total.harmless} without effect; ` +
    `${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
);
for (const [kind, seedsOf] of failures) console.log(`${seedsOf.length} x ${kind}: ${seedsOf.slice(0, 5).join(', ')}`);
process.exitCode = failed ? 1 : 0;
