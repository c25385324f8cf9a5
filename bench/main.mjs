/** `npm run bench` measures what messages cost; `npm run bench -- drops` counts what a bad network loses. Each has options of its own. */
const benches = { drops: './drops/run.mjs' };

await import(benches[process.argv[2]] ?? './run.mjs');
