/** Runs the attacked chat server in a separate process, with stores in memory. */
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AttachmentLimits, type ChatServerLimits, createChatServer } from '@everywire/chat-server';
import { DirectoryFiles } from '@everywire/files-directory';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { type Measured, measureStalls } from './stall-meter.js';

/** Options of the attacked chat server. */
export interface ChatProgramOptions {
  readonly limits?: Partial<ChatServerLimits>;
  readonly attachmentLimits?: Partial<AttachmentLimits>;
}

/** A report of the process to the test. */
export interface ChatReport extends Measured {
  /** All lines logged since the start. */
  readonly lines: readonly string[];
  /** The number of attachment files that are being read. */
  readonly openFiles: number;
  /** The set-up link of the first admin. */
  readonly setUpPath: string;
}

const options = JSON.parse(process.argv[2] ?? '{}') as ChatProgramOptions;
const measured = measureStalls();
const lines: string[] = [];
const note = (line: string, cause?: unknown): void => {
  lines.push(cause instanceof Error ? `${line} ${cause.stack}` : line);
};
const directory = mkdtempSync(join(tmpdir(), 'everywire-hostile-'));
const store = new MemoryStore({ epoch: '0057117e0057117e' });
const server = await createChatServer({
  store,
  accounts: new MemoryAccounts(),
  place: { name: 'Test', runBy: '', registration: 'open', version: '0' },
  passwordCost: { memoryKib: 256, passes: 1 },
  limits: { signInsPerMinute: 100_000, restRequestsPerMinute: 100_000, ...options.limits },
  log: { debug: note, info: note, warn: note, error: note },
  attachments: {
    files: await DirectoryFiles.open(join(directory, 'files')),
    records: store,
    uploadsDirectory: join(directory, 'uploads'),
    limits: options.attachmentLimits ?? {},
  },
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
const setUpPath = (await server.createSetUpPath())?.path ?? '';

process.on('message', () => {
  const report: ChatReport = { ...measured(), lines, openFiles: openFiles(), setUpPath };
  process.send?.(report);
});
process.on('disconnect', () => process.exit(0));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
process.send?.({ port });

/** Counts the open files of attachments. */
function openFiles(): number {
  // The descriptor that read the list itself is already closed.
  const opened = readdirSync('/proc/self/fd')
    .map((name) => join('/proc/self/fd', name))
    .filter(existsSync);
  return opened.filter((path) => readlinkSync(path).startsWith(join(directory, 'files'))).length;
}
