import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerLimits } from '@everywire/server';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../browser/launch-chromium.js';
import { bundleTalkPage, servePage } from '../browser/transports/browser-lab.js';
import type { PageOutcome, PageTask } from '../browser/transports/page.js';
import { NumberedServer } from '../transports/numbered-server.js';
import type { ForwardProxy } from './forward-proxy.js';

/** The port of the server, as the page sees it. */
export type Place = 'any-port' | 'port-80' | 'port-443';

/** Unused loopback addresses, one for each server, on which the ports 80 and 443 are free. */
const webHosts = (function* count() {
  for (let number = 1; ; number = (number % 250) + 1) yield `127.0.80.${number}`;
})();

/** A page and its server, with a proxy between them. */
export interface ProxiedTalk {
  readonly server: NumberedServer;
  run(task: Omit<PageTask, 'token'>): Promise<PageOutcome>;
  /** Closes the page without closing its session. */
  leave(): Promise<void>;
  stop(): Promise<void>;
}

/** A Chromium that sends every request through a proxy, and servers behind the proxy. */
export class ProxiedBrowser {
  readonly #browser: Browser;
  readonly #files: ReadonlyMap<string, string>;

  static async open(): Promise<ProxiedBrowser> {
    const files = await bundleTalkPage();
    const browser = await launchChromium(
      // The certificate of the test is self-signed.
      '--ignore-certificate-errors',
    );
    return new ProxiedBrowser(browser, files);
  }

  private constructor(browser: Browser, files: ReadonlyMap<string, string>) {
    this.#browser = browser;
    this.#files = files;
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  /** Opens a page through `proxy`, and starts the server at `place` that serves it. */
  async open(proxy: ForwardProxy, place: Place, limits?: Partial<ServerLimits>): Promise<ProxiedTalk> {
    const host = place === 'any-port' ? '127.0.0.1' : webHosts.next().value;
    const server = await this.#startServer(host, place, limits);
    // By default, Chromium bypasses a proxy for loopback addresses.
    const context = await this.#browser.newContext({
      proxy: { server: `http://127.0.0.1:${proxy.port}`, bypass: '<-loopback>' },
    });
    const page = await context.newPage();
    await page.goto(addressOf(server, host, place));
    await page.waitForFunction(() => 'talk' in window);
    return {
      server,
      run: (task) => page.evaluate((whole) => window.talk(whole), { ...task, token: '' }),
      leave: () => context.close(),
      stop: async () => {
        await context.close();
        await server.stop();
      },
    };
  }

  /** Starts the server of the page. */
  #startServer(host: string, place: Place, limits: Partial<ServerLimits> = {}): Promise<NumberedServer> {
    const onRequest = servePage(this.#files);
    if (place === 'any-port') return NumberedServer.start({ onRequest, limits });
    const port = place === 'port-80' ? 80 : 443;
    return NumberedServer.start({
      onRequest,
      limits,
      listen: { host, port },
      ...(place === 'port-443' ? { tls: createCertificate() } : {}),
    }).catch((error: NodeJS.ErrnoException) => {
      throw new Error(`This test has to listen on ${host}:${port}, which takes root: ${error.message}`);
    });
  }
}

function addressOf(server: NumberedServer, host: string, place: Place): string {
  if (place === 'any-port') return `http://${host}:${server.port}/`;
  return `${place === 'port-80' ? 'http' : 'https'}://${host}/`;
}

/** Returns a new self-signed certificate, for no particular name. */
function createCertificate(): { readonly cert: string; readonly key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'everywire-certificate-'));
  const file = join(folder, 'pem');
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    execFileSync('openssl', [...request, '-days', '2', '-subj', '/CN=everywire test', '-keyout', file, '-out', file], {
      stdio: 'pipe',
    });
    const pem = readFileSync(file, 'utf8');
    return { cert: pem, key: pem };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
