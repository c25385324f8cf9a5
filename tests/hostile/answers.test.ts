import { describe, expect } from 'vitest';
import { HandCounts, openByPost } from '../server/hand-client.js';
import { hostileRow } from './hostile-row.js';

describe('an answer', () => {
  hostileRow('[H16] to a preflight is the same whatever is asked', {}, async ({ base }) => {
    const headers = { 'access-control-request-headers': 'x'.repeat(8_000), 'access-control-request-method': 'DELETE' };
    const told = await fetch(`${base}/up`, { method: 'OPTIONS', headers });
    expect([told.status, told.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'content-type, authorization',
    ]);
  });

  hostileRow('[H20] [P15] is kept by no cache, and its address told to nobody', {}, async ({ base }) => {
    const id = await openByPost(base);
    const attach = { t: 'attach', id, n: 1, instance: 1, prompt: true, ...new HandCounts().block };
    for (const [name, body] of [
      ['open', { t: 'open', version: 2, nonce: 'one of a test, once' }],
      ['up', {}],
      ['ticket', attach],
      ['long-poll', attach],
      ['elsewhere', {}],
    ] as const) {
      const told = await fetch(`${base}/${name}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'if-none-match': '*', range: `bytes=${'0-,'.repeat(1_000)}0-` },
      });
      await told.text();
      expect([name, told.status >= 200 && told.status !== 206 && told.status !== 304]).toEqual([name, true]);
      expect(Object.fromEntries(told.headers)).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      });
      expect(told.headers.get('etag')).toBeNull();
    }
  });

  hostileRow('[H24] has nothing of what nobody is to see', {}, async ({ port }) => {
    for (const path of [
      '/metrics',
      '/admin',
      '/.git/config',
      '/everywire/metrics',
      '/everywire/index.js.map',
      '/everywire/',
    ]) {
      const told = await fetch(`http://127.0.0.1:${port}${path}`);
      const text = await told.text();
      expect([path, told.status]).toEqual([path, 404]);
      expect(text).not.toMatch(/at .*\.(js|ts)|node_modules|Error/);
    }
  });
});
