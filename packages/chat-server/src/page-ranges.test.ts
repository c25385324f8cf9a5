import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpApp } from './http-app.js';
import { defaultLimits } from './limits.js';
import { addPageRoutes } from './page-routes.js';

test('an unsatisfiable range of a page file is answered 416 without a body and logs no defect', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-page-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Everywire</title>');
  const defects: string[] = [];
  const ignore = (): void => undefined;
  const log = { debug: ignore, info: ignore, warn: ignore, error: (line: string) => void defects.push(line) };
  const lasting = { follow: ignore };
  const app = await createHttpApp({ limits: defaultLimits, log, trustedProxies: [], tls: null, lasting });
  onTestFinished(() => app.close());
  await addPageRoutes(app, directory);
  const ask = (range: string) => app.inject({ url: '/index.html', headers: { range } });
  for (const range of ['bytes=999999999-', 'bytes=-0']) {
    const { statusCode, headers, body } = await ask(range);
    expect([statusCode, headers['content-range'], body]).toEqual([416, 'bytes */39', '']);
  }
  expect((await ask('bytes=0-8')).statusCode).toBe(206);
  expect(defects).toEqual([]);
});
