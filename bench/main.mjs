/**
 * `npm run bench` measures the cost of messages, or one of these:
 *
 * - `-- brokers`: the cost of publications between nodes
 * - `-- chat`: the chat server with its store
 * - `-- cluster`: the cost of a chat delivery on several nodes
 * - `-- drops`: message loss in a bad network
 * - `-- nodes`: versions of Node
 * - `-- postgres`: the cost of a send on PostgreSQL
 * - `-- restart`, `-- start`: the time of a restart, and from installation to the first page
 * - `-- search`: searches in ten million messages
 * - `-- wires`: transports in a browser
 * - `-- --against COMMIT`: judges a change
 *
 * Each has its own options.
 */
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
