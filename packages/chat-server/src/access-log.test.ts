import { expect, test } from 'vitest';
import { accessLine } from './access-log.js';
import { mintBearerToken } from './bearer-token.js';

const record = { method: 'GET', status: 200, durationMs: 1.25, remoteAddress: '192.0.2.7' };

test('accessLine contains method, path, status, duration and address', () => {
  expect(accessLine({ ...record, url: '/api/me' })).toBe('GET /api/me 200 1.3 ms 192.0.2.7');
});

test('[SN-20.2] accessLine logs neither the query nor a token in the path', () => {
  const token = mintBearerToken();
  const line = accessLine({ ...record, url: `/api/${token}/x?token=${token}` });
  expect(line).toBe('GET /api/ewt_(removed)/x 200 1.3 ms 192.0.2.7');
});

test('a path cannot break the log line and is truncated', () => {
  const line = accessLine({ ...record, url: `/a\nGET /b${'x'.repeat(1_000)}` });
  expect(line).toContain('/a%0AGET%20/b');
  expect(line.length).toBeLessThan(200);
});
