import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TransportName } from '@everywire/client';
import type { Verdict } from '@everywire/protocol';
import { createWireServer, type ServerLimits, type WireSession } from '@everywire/server';
import { createFaultProxy, type FaultProxy, logAddresses } from '@everywire/testkit';
import { bundlePage } from '../bundle-page.js';
import { Chromium, type Tab } from './chromium.js';

/** An expression that is true once the client is open and its second file has loaded, which measures round trips. */
export const ready = 'window.seen?.wire.readyState === 1 && seen.wire.status.roundTripMs !== null';

/** One session as seen by the server. */
export interface SeenSession {
  readonly session: WireSession;
  /** The received messages. */
  readonly up: string[];
  /** Every transport it used, in order; `null` while it had none. */
  readonly transports: (string | null)[];
  verdict: Verdict | null;
}

/** A server, and a new browser profile for its page. */
export interface Life {
  readonly sessions: readonly SeenSession[];
  readonly url: string;
  readonly proxy: FaultProxy;
  /** Every address requested from the server. */
  readonly urls: readonly string[];
  /** Opens a tab in front, and waits until its client is open. `transport` restricts the client to one. */
  open(transport?: TransportName): Promise<Tab>;
  /** Returns the tab that opens during the action, for instance by `window.open`. */
  opened(act: () => Promise<unknown>): Promise<Tab>;
  stop(): Promise<void>;
}

/** A browser, in which each test gets its own server and profile. */
export interface LifecycleLab {
  start(limits?: Partial<ServerLimits>): Promise<Life>;
  close(): Promise<void>;
}

/** Starts the browser. */
export async function openLifecycleLab(): Promise<LifecycleLab> {
  const files = await bundlePage(new URL('page.ts', import.meta.url));
  const browser = new Chromium();
  await browser.send('Target.setDiscoverTargets', { discover: true });
  return { start: (limits) => startLife(browser, files, limits), close: () => browser.close() };
}

async function startLife(
  browser: Chromium,
  files: ReadonlyMap<string, string>,
  limits: Partial<ServerLimits> = {},
): Promise<Life> {
  const sessions: SeenSession[] = [];
  const http = createServer(servePage(files));
  const wire = createWireServer({
    limits: { tickMs: 10, ...limits },
    onSession: (session) => void sessions.push(watch(session)),
  });
  wire.attach(http);
  const urls = logAddresses(http);
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const proxy = await createFaultProxy((http.address() as AddressInfo).port);
  const url = `http://127.0.0.1:${proxy.port}/`;
  const profile = await browser.newProfile();
  return {
    sessions,
    proxy,
    urls,
    url,
    open: async (transport) => {
      const tab = await browser.newTab(profile, transport ? `${url}?${transport}` : url);
      await tab.until(ready);
      return tab;
    },
    opened: async (act) => {
      const created = new Promise<string>((done) => {
        const stop = browser.listen('Target.targetCreated', (params) => {
          const { targetInfo } = params as { targetInfo: { targetId: string; type: string } };
          if (targetInfo.type !== 'page') return;
          stop();
          done(targetInfo.targetId);
        });
      });
      await act();
      return browser.attach(await created);
    },
    stop: async () => {
      // Not awaited, because a tab that is loading may answer only after the server, which is being stopped.
      browser.send('Target.disposeBrowserContext', { browserContextId: profile }).catch(() => undefined);
      await proxy.close();
      await wire.close({ deadlineMs: 0 });
      http.closeAllConnections();
      http.close();
    },
  };
}

function watch(session: WireSession): SeenSession {
  const seen: SeenSession = { session, up: [], transports: [], verdict: null };
  session.onMessage = (data) => void seen.up.push(String(data));
  session.onTransport = (transport) => void seen.transports.push(transport);
  session.onClose = (verdict) => {
    seen.verdict = verdict;
  };
  return seen;
}

/** Serves the page, its files, and another page to navigate to. */
function servePage(files: ReadonlyMap<string, string>): RequestListener {
  return ({ url = '/' }, answer) => {
    const script = files.get(url);
    const page =
      '<!doctype html><meta charset="utf-8"><title>wire</title><script type="module" src="/page.js"></script>';
    const text = script ?? (/^\/(\?|$)/.test(url) ? page : '<!doctype html><title>elsewhere</title>');
    answer.writeHead(200, { 'content-type': script ? 'text/javascript;charset=utf-8' : 'text/html;charset=utf-8' });
    answer.end(text);
  };
}
