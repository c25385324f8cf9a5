/** `npm run bench` measures what messages cost; `-- brokers` what they cost between nodes; `-- chat` what the chat does on its store; `-- cluster` what a delivery costs the chat on several nodes; `-- drops` counts what a bad network loses; `-- nodes` compares versions of Node; `-- postgres` what a send costs on PostgreSQL; `-- restart` times a restart, `-- start` the way from nothing to the first page; `-- search` a store of ten million messages; `-- wires` transports in a browser; `-- --against COMMIT` judges a change. Each has options of its own. */
const benches = {
  chat: './chat/run.mjs',
  cluster: './cluster.mjs',
  drops: './drops/run.mjs',
  brokers: './brokers.mjs',
  nodes: './nodes.mjs',
  postgres: './postgres.mjs',
  restart: './restart/run.mjs',
  search: './search/run.mjs',
  start: './start/run.mjs',
  wires: './wires/run.mjs',
};

const isPaired = process.argv.some((word) => word === '--against' || word.startsWith('--against='));
await import(isPaired ? './against/run.mjs' : (benches[process.argv[2]] ?? './run.mjs'));
