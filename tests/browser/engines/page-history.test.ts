/**
 * @module-tag wide: `apps/web/src/app/page-history.test.ts` tests every race on a history in memory; this tests each
 * engine's own history.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundlePage } from '../bundle-page.js';
import { describeEngines } from './describe-engines.js';
import { servePages } from './wire-lab.js';

let server: Awaited<ReturnType<typeof servePages>>;
beforeAll(async () => {
  const files = await bundlePage(new URL('page-history-page.ts', import.meta.url));
  server = await servePages(({ url = '/' }, answer) => {
    const script = files.get(url);
    answer.setHeader('content-type', script ? 'text/javascript;charset=utf-8' : 'text/html;charset=utf-8');
    answer.end(script ?? '<!doctype html><script type="module" src="/page-history-page.js"></script>');
  });
});
afterAll(() => server?.stop());

describeEngines((_name, run) => {
  it('Back closes each layer in turn, and a layer closed by other means leaves no entry', async () => {
    const url = `http://localhost:${server.port}/`;
    const details = { fromList: true, layers: 1 };
    expect(await run(url, 'stepBack', {})).toEqual([
      `two layers: #/c/1 ${JSON.stringify({ ...details, layers: 2 })}`,
      `menu open: #/c/1 ${JSON.stringify({ ...details, layers: 2 })}`,
      `menu closed: #/c/1 ${JSON.stringify(details)}`,
      'details closed: #/c/1 {"fromList":true}',
      'conversation: #/c/1 {"fromList":true}',
      'forward: #/c/1 {"fromList":true}',
      'list:  null',
    ]);
  });
});
