import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { atExit } from '../at-exit.mjs';
import { directConversations } from '../chat/direct-conversations.mjs';
import { startServer } from '../chat/processes.mjs';
import { range, withServer } from '../chat/with-server.mjs';
import { smallRing } from './small-ring.mjs';

const rate = 1_000;
const unansweredMax = 256;
const users = range(1_000);

/**
 * Runs the chat server of the checkout `tree` once: people send at a fixed rate, and then as fast as the server
 * answers.
 */
export async function runChatCell(tree, { warmS, measureS }) {
  const { conversationsOf } = directConversations(smallRing);
  const conversations = Object.fromEntries(users.map((user) => [user, conversationsOf(user)]));
  const common = { warmMs: warmS * 1_000, measureMs: measureS * 1_000, conversations };
  return withStore(tree, (file) =>
    withServer(file, { users, tree }, async ({ load }) => {
      const atRate = await load({ ...common, rate });
      const full = await load({ ...common, under: unansweredMax });
      return {
        cpu_us: atRate.serverUs,
        send_us: 1e6 / full.perSecond,
        per_s: full.perSecond,
        p99_us: atRate.p99Ms * 1_000,
        foreign_pct: Math.max(atRate.foreignPct, full.foreignPct),
        errors: atRate.failed + full.failed,
      };
    }),
  );
}

/** Starts the chat server of the checkout `tree` with options of Node, and stops it. */
export const startChatServerOnce = (tree, nodeOptions) =>
  withStore(tree, async (file) => (await startServer(file, nodeOptions, tree)).end('SIGKILL'));

async function withStore(tree, use) {
  const script = fileURLToPath(new URL('copy-store.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, tree]);
  const file = stdout.trim();
  const remove = () => {
    for (const end of ['', '-wal', '-shm', '.lock']) rmSync(`${file}${end}`, { force: true });
  };
  const forget = atExit(remove);
  try {
    return await use(file);
  } finally {
    forget();
    remove();
  }
}
