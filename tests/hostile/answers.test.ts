import { describe, expect } from 'vitest';
import { HandCounts, openByPost } from '../server/hand-client.js';
import { hostileRow } from './hostile-row.js';

describe('an answer', () => {
  hostileRow('[H16] the answer to a preflight does not depend on its contents', {}, async ({ base }) => {
    const headers = { 'access-control-request-headers': 'x'.repeat(8_000), 'access-control-request-method': 'DELETE' };
    const answer = await fetch(`${base}/up`, { method: 'OPTIONS', headers });
    expect([answer.status, answer.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'content-type, authorization',
    ]);
  });

  hostileRow('[H20] [P15] an answer is not cached, and its address is not sent as a referrer', {}, async ({ base }) => {
    const id = await openByPost(base);
    const attach = { t: 'attach', id, n: 1, instance: 1, prompt: true, ...new HandCounts().block };
    for (const [name, body] of [
      ['open', { t: 'open', version: 2, nonce: 'one of a test, once' }],
      ['up', {}],
      ['ticket', attach],
      ['long-poll', attach],
      ['elsewhere', {}],
    ] as const) {
      const answer = await fetch(`${base}/${name}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'if-none-match': '*', range: `bytes=${'0-,'.repeat(1_000)}0-` },
      });
      await answer.text();
      expect([name, answer.status >= 200 && answer.status !== 206 && answer.status !== 304]).toEqual([name, true]);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'cache-control': 'no-store, no-transform',
        'referrer-policy': 'no-referrer',
      });
      expect(answer.headers.get('etag')).toBeNull();
    }
  });

  hostileRow('[H24] the answer to an internal path contains nothing internal', {}, async ({ port }) => {
    for (const path of [
      '/metrics',
      '/admin',
      '/.git/config',
      '/everywire/metrics',
      '/everywire/index.js.map',
      '/everywire/',
    ]) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`);
      const text = await answer.text();
      expect([path, answer.status]).toEqual([path, 404]);
      expect(text).not.toMatch(/at .*\.(js|ts)|node_modules|Error/);
    }
  });
});
