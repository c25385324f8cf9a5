import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The number of characters of output that an error contains. */
const OUTPUT_CHARACTERS_MAX = 20_000;

/**
 * Runs a Node program of this repository by its path from the root.
 *
 * @throws Error with the end of its output unless it exits with 0
 */
export async function runProgram(path: string, args: readonly string[] = []): Promise<void> {
  const child = spawn(process.execPath, [path, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX);
    });
  const ended = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  if (ended !== 0) throw new Error(`${path} exited with ${ended}\n${output}`);
}
