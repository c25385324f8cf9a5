/** `npm run bench` measures what messages cost; `-- chat` what the chat does on its store; `-- drops` counts what a bad network loses; `-- nodes` compares versions of Node; `-- search` a store of ten million messages; `-- wires` transports in a browser; `-- --against COMMIT` judges a change. Each has options of its own. */
const benches = {
  chat: './chat/run.mjs',
  drops: './drops/run.mjs',
  nodes: './nodes.mjs',
  search: './search/run.mjs',
  wires: './wires/run.mjs',
};

const isPaired = process.argv.some((word) => word === '--against' || word.startsWith('--against='));
await import(isPaired ? './against/run.mjs' : (benches[process.argv[2]] ?? './run.mjs'));
