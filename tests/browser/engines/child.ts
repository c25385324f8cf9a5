import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ENGINE_DEADLINE_MS } from './engine.js';

/** A running program, such as a browser. */
export interface Child {
  /** The match in its output; `null` if none was expected. */
  readonly said: RegExpExecArray | null;
  /** Whether it has ended by itself. */
  ended(): boolean;
  /** Resolves when it and its child processes have ended. */
  stop(): Promise<void>;
}

/**
 * Starts a program in a separate process group. `says` matches the output that shows that the program is ready; `null` if it
 * prints nothing. @throws Error with the output if the match does not appear in time
 */
export async function startChild(
  command: string,
  args: readonly string[],
  says: RegExp | null,
  env: NodeJS.ProcessEnv = {},
): Promise<Child> {
  const child = spawn(command, args, {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const said = await new Promise<RegExpExecArray | null>((resolve, reject) => {
    const fail = (why: unknown): void => {
      clearTimeout(timer);
      void stop(child).then(() => reject(new Error(`${command}: ${why}\n${text}`)));
    };
    const timer = setTimeout(fail, ENGINE_DEADLINE_MS, 'said nothing of being ready');
    const ready = (found: RegExpExecArray | null): void => {
      clearTimeout(timer);
      resolve(found);
    };
    const check = (chunk: Buffer): void => {
      text += chunk.toString();
      const found = says?.exec(text);
      if (found) ready(found);
    };
    if (!says) child.once('spawn', () => ready(null));
    child.stdout?.on('data', check);
    child.stderr?.on('data', check);
    child.once('error', fail);
    child.once('exit', (code) => fail(`ended with ${code}`));
  });
  return { said, ended: () => hasEnded(child), stop: () => stop(child) };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const gone = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await gone;
}
