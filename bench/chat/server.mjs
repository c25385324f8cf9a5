/**
 * The chat server of a bench: the shipped store and chat server in one process, controlled over IPC. `node server.mjs
 * STORE`.
 */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createChatServer } from '@everywire/chat-server';
import { createSqliteStore } from '../../packages/store-sqlite/dist/index.js';

const store = createSqliteStore({ file: process.argv[2] });
const server = await createChatServer({
  place: { name: 'bench', runBy: '', registration: 'closed', version: '0' },
  store,
  accounts: store,
  // All connections come from one address here; nothing else differs from what is shipped.
  wire: { limits: { silentPerAddressMax: 100_000, unconfirmedPerAddressMax: 100_000 } },
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

process.on('message', (message) => {
  if (message === 'gc') globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  process.send({
    cpuUs: user + system,
    mainUs: mainThreadUs(),
    rss: process.memoryUsage.rss(),
    delayMaxMs: delay.max / 1e6,
  });
  delay.reset();
});
process.on('SIGINT', () => process.exit());
process.send({ port });

/** Of the thread that runs script and commits; in steps of a clock tick. */
function mainThreadUs() {
  const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8');
  const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
  return (user + system) * 10_000;
}
