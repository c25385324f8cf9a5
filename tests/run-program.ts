import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What is told of a program that failed. */
const CHARACTERS_TOLD = 20_000;

/** Runs a Node program of this repository, by its path from the root, and throws with the end of what it said if it does not exit with 0. */
export async function runProgram(path: string, args: readonly string[] = []): Promise<void> {
  const child = spawn(process.execPath, [path, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-CHARACTERS_TOLD);
    });
  const ended = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  if (ended !== 0) throw new Error(`${path} ended with ${ended}\n${said}`);
}
