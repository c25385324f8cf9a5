/** @module-tag wide: rules for origins that the tests of the server show; here the engines' own part in them. */
import type { RequestListener } from 'node:http';
import type { TransportName } from '@everywire/client';
import { createTestAuthority, type TestAuthority } from '@everywire/testkit';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { bundlePage } from '../bundle-page.js';
import type { CrossOriginOutcome, CrossOriginTask } from './cross-origin-page.js';
import { describeEngines } from './describe-engines.js';
import { type EngineName, testHost } from './engine.js';
import { transportsIn } from './transports-in.js';
import { servePages, startWireLab, type WireLab } from './wire-lab.js';

/** Transports that use the application's own `fetch`, for everything or for the ticket and upstream messages. */
const byFetch: readonly TransportName[] = [
  'fetch-stream',
  'event-stream',
  'multipart-stream',
  'iframe-stream',
  'long-poll',
  'short-poll',
];
/** Requests made by the browser itself, with cookies that the server never reads (TR-7). */
const byBrowser: readonly string[] = ['form-answer', 'form-post', 'iframe-stream', 'jsonp-poll', 'websocket'];
/**
 * Names of this machine, of which the last is not a secure context. WebKit takes names from the system only;
 * `*.localhost` is one of them.
 */
const hostsIn = (engine: EngineName): readonly string[] => [
  'localhost',
  '127.0.0.1',
  engine === 'webkit' ? 'app.localhost' : testHost,
];

let authority: TestAuthority;
let http: Awaited<ReturnType<typeof servePages>>;
let https: Awaited<ReturnType<typeof servePages>>;
let lab: WireLab | undefined;
beforeAll(async () => {
  authority = createTestAuthority();
  const files = await bundlePage(new URL('cross-origin-page.ts', import.meta.url));
  const page: RequestListener = ({ url = '/' }, answer) => {
    const script = files.get(url);
    // `/sandboxed` is a page without an origin, for which even this server's scripts are cross-origin.
    if (url === '/sandboxed') answer.setHeader('content-security-policy', 'sandbox allow-scripts allow-forms');
    answer.setHeader('set-cookie', 'page=open');
    answer.setHeader('access-control-allow-origin', '*');
    answer.setHeader('content-type', script ? 'text/javascript;charset=utf-8' : 'text/html;charset=utf-8');
    answer.end(script ?? '<!doctype html><script type="module" src="/cross-origin-page.js"></script>');
  };
  http = await servePages(page);
  https = await servePages(page, authority.issue());
});
afterAll(() => {
  http.stop();
  https.stop();
  authority.close();
});
afterEach(async () => {
  await lab?.stop();
  lab = undefined;
});

async function serve(origins: readonly string[]): Promise<WireLab> {
  lab = await startWireLab(
    { origins, jsonp: true },
    (_asked, answer) => answer.writeHead(404).end(),
    authority.issue(),
  );
  return lab;
}

const wayOf = (url: string): string => new URL(url, 'http://localhost').pathname.replace('/everywire/', '');

const every = (names: readonly TransportName[], outcome: string): CrossOriginOutcome =>
  Object.fromEntries(names.map((name) => [name, outcome]));

describeEngines((name, run) => {
  const transports = transportsIn(name);
  const withFetch = byFetch.filter((one) => transports.includes(one));
  const tryFrom = (page: string, task: CrossOriginTask): Promise<CrossOriginOutcome> => run(page, 'tryAll', task);

  it.each(hostsIn(name))('[TR-7.2] pages of %s that are allowed can connect, over http and https', async (host) => {
    const origins = [`http://${host}:${http.port}`, `https://${host}:${https.port}`];
    const { http: port, https: tlsPort, notices, seen } = await serve(origins);
    const far = host === '127.0.0.1' ? 'localhost' : '127.0.0.1';
    const plain = await tryFrom(`${origins[0]}/`, { url: `http://${far}:${port}/everywire`, transports });
    expect(plain).toEqual(every(transports, 'echo'));
    // Another port is another origin but the same site, so the browser sends its cookies.
    const secret = await tryFrom(`${origins[1]}/`, { url: `https://${host}:${tlsPort}/everywire`, transports });
    expect(secret).toEqual(every(transports, 'echo'));
    expect(notices).toEqual([]);
    // None of our requests needs a preflight, and no request by script carries a cookie.
    expect(seen.filter(({ method }) => method === 'OPTIONS')).toEqual([]);
    const withCookie = seen.filter(({ headers }) => headers.cookie).map(({ url = '' }) => wayOf(url));
    expect([...new Set(withCookie)].sort()).toEqual(byBrowser);
  });

  it('[TR-7.3] a page that is not allowed cannot connect, and the log names the setting to change', async () => {
    const { http: port, notices } = await serve([`https://localhost:${https.port}`, `http://127.0.0.1:${http.port}`]);
    const task = { url: `http://127.0.0.1:${port}/everywire`, transports };
    // The right host with another scheme, or another host, is another origin (RFC 6454).
    expect(await tryFrom(`http://localhost:${http.port}/`, task)).toEqual(every(transports, 'refused'));
    expect(notices[0]).toContain(`origin_refused: A page of "http://localhost:${http.port}" was refused.`);
    expect(notices[0]).toContain('"origins"');
  });

  it('[TR-7.3] a page without an origin cannot connect', async () => {
    const { http: port, notices } = await serve([`http://localhost:${http.port}`]);
    const task = { url: `http://127.0.0.1:${port}/everywire`, transports };
    expect(await tryFrom(`http://localhost:${http.port}/sandboxed`, task)).toEqual(every(transports, 'refused'));
    expect(notices[0]).toContain('"null"');
  });

  it('[TR-7.4] [TR-7.5] [TR-8] an allowed page may add its own headers, after a preflight, but never credentials', async () => {
    const origin = `http://localhost:${http.port}`;
    const { http: port, seen } = await serve([origin]);
    const url = `http://127.0.0.1:${port}/everywire`;
    const headers = { authorization: 'Bearer token' };
    const asked = { url, transports: withFetch, fetch: { headers } };
    expect(await tryFrom(`${origin}/`, asked)).toEqual(every(withFetch, 'echo'));
    expect(seen.some(({ method }) => method === 'OPTIONS')).toBe(true);
    expect(seen.some((request) => request.headers.authorization === 'Bearer token')).toBe(true);
    const credentials = { url, transports: withFetch, fetch: { credentials: 'include' as const } };
    expect(await tryFrom(`${origin}/`, credentials)).toEqual(every(withFetch, 'refused'));
    const other = await tryFrom(`http://127.0.0.1:${http.port}/`, asked);
    expect(other).toEqual(every(withFetch, 'refused'));
  });
});
