import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { createClassicServer } from '../../apps/classic/src/classic-server.js';
import { examples } from '../../apps/classic/src/examples.js';
import { type ClassicOptions, readOptions } from '../../apps/classic/src/options.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'everywire-classic-'));
afterAll(() => rmSync(directory, { recursive: true }));

/* Runs the simple example clients for Internet Explorer in an engine of ECMAScript 3. `htmlfile` and `XDomainRequest` are simulated. */
it.each([
  ['htmlfile', 'xhr', /^(message \d+, \S+Z\n){10}$/, 10],
  ['xdomainrequest', 'xdr', /^\d{4}-\d\d-\d\dT\S+Z\n$/, 1],
] as const)('the textbook client with %s shows the messages of the server', async (name, by, shown, lines) => {
  const options = { ...(readOptions([], {}) as ClassicOptions), origin: 'http://page.test', intervalMs: 10 };
  const server = createClassicServer({ ...options, variants: new Set(['htmlfile']) });
  server.http.listen(0, '127.0.0.1');
  await once(server.http, 'listening');
  const file = join(directory, `${name}.js`);
  writeFileSync(file, `${examples.find((example) => example.name === name)?.script}\nrunPage();\n`);
  const base = `http://127.0.0.1:${(server.http.address() as AddressInfo).port}`;
  const scripts = [join(here, 'rhino-page.js'), join(here, 'rhino-classic.js'), file];
  const rhino = ['-cp', '/usr/share/java/rhino.jar', 'org.mozilla.javascript.tools.shell.Main'];
  const { stdout } = await promisify(execFile)(
    '/usr/bin/java',
    [...rhino, ...scripts, 'bare', by, base, String(lines)],
    {
      timeout: 200_000,
    },
  );
  expect(stdout).toMatch(shown);
  server.close();
});
