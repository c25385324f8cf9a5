import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';

// Tests the process that inspects uploaded files. It is separate from the server, because a hostile file may crash or
// stall it.

const directory = mkdtempSync(join(tmpdir(), 'everywire-inspection-'));
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** Returns the URL of a built module as a literal of a program. */
const built = (name: string): string =>
  JSON.stringify(new URL(`../../dist/attachments/${name}.js`, import.meta.url).href);

it('an inspection process ends with a killed server, whatever it is doing', async () => {
  const socketPath = join(directory, 'life.sock');
  const lives = createServer().listen(socketPath);
  // The real program, with work that never ends and a connection whose close shows its end from outside.
  const program = write(
    'program.mjs',
    `import { connect } from 'node:net';
    setInterval(() => undefined, 1_000);
    process.send = (report) => connect(${JSON.stringify(socketPath)}).write(report);
    await import(${built('inspection-program')});`,
  );
  const server = write(
    'server.mjs',
    `import { defaultAttachmentLimits } from ${built('attachment-limits')};
    import { InspectionProcess } from ${built('inspection-process')};
    process.on('message', () => undefined);
    new InspectionProcess(defaultAttachmentLimits, new URL(${JSON.stringify(pathToFileURL(program).href)}));`,
  );
  const process = fork(server, { execArgv: [] });
  const [life] = (await once(lives, 'connection')) as [Socket];
  life.on('error', () => undefined);
  await once(life, 'data');
  expect(process.exitCode).toBeNull();
  const ended = once(life, 'close');
  process.kill('SIGKILL');
  await ended;
  lives.close();
});
