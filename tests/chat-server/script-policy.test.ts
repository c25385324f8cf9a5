import { expect, test } from 'vitest';
import { TestPlace } from './test-place.js';

test('[TR-30.7] [TR-31.5] the application keeps its strict policy, while documents of the wire have their own', async () => {
  const place = await TestPlace.start();
  const policyOf = async (path: string): Promise<string> =>
    (await place.rest('GET', path)).headers.get('content-security-policy') ?? '';
  for (const path of ['/', '/api/server']) {
    const policy = await policyOf(path);
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).toContain("frame-ancestors 'none'");
  }
  for (const path of ['/everywire/iframe-stream?ticket=x', '/everywire/htmlfile-stream?ticket=x']) {
    expect((await policyOf(path)).split('; ')).toEqual([
      ...["default-src 'none'", "script-src 'unsafe-inline'", "base-uri 'none'", "form-action 'none'"],
      "frame-ancestors 'self'",
    ]);
    // It contains no application code: nothing in it can load anything.
    expect(await (await place.rest('GET', path)).text()).not.toMatch(/src=|href=|import/);
  }
  expect((await place.rest('GET', '/everywire/jsonp-poll?ticket=x&cb=f')).status).toBe(403);
  await place.stop();
});

test('[TR-31.5] [TR-33.1] JSONP is answered only if switched on, and only to pages of the configured origins', async () => {
  const place = await TestPlace.start({ wire: { jsonp: true, origins: ['https://page.example'] } });
  const ask = async (page: string): Promise<number> => {
    const headers = { 'sec-fetch-site': 'cross-site', referer: `${page}/` };
    return (await fetch(`${place.url}/everywire/jsonp-poll?ticket=x&cb=f`, { headers })).status;
  };
  expect(await ask('https://page.example')).toBe(200);
  expect(await ask('https://elsewhere.example')).toBe(403);
  const origin = 'https://elsewhere.example';
  const form = await fetch(`${place.url}/everywire/form-post`, { method: 'POST', headers: { origin }, body: 'd={}' });
  expect(form.status).toBe(403);
  await place.stop();
});
