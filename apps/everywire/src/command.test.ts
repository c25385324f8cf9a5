import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/* Runs the command `everywire` as a real process. */

const root = fileURLToPath(new URL('../../..', import.meta.url));

test.each([
  ['--help', 0, /^everywire check[\s\S]*^ {2}EVERYWIRE_TCP_PORT: /m],
  ['--port=80', 2, /^Everywire has no option "--port=80"\.$/m],
  ['serve', 2, /^Everywire has no command "serve"\.$/m],
])('%s ends with %d and starts no server', (argument, code, said) => {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-command-'));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'apps/everywire/dist/command.js'), argument],
    {
      cwd: directory,
      env: { PORT: '0', HOST: '127.0.0.1' },
      encoding: 'utf8',
      timeout: 60_000,
    },
  );
  expect(status).toBe(code);
  expect(code === 0 ? stdout : stderr).toMatch(said);
  expect(readdirSync(directory)).toEqual([]);
  rmdirSync(directory);
});
