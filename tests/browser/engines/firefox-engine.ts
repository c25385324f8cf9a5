import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { startChild } from './child.js';
import { type Engine, testHost } from './engine.js';

/** Disables background network traffic, and accepts the test certificates, which only a profile can do. */
const preferences: Readonly<Record<string, unknown>> = {
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'captivedetect.canonicalURL': '',
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.localDomains': testHost,
  'browser.safebrowsing.update.enabled': false,
  'extensions.update.enabled': false,
  'toolkit.telemetry.server': '',
};

/** Opens Debian's Firefox, by its built-in WebDriver BiDi. */
export async function openFirefox(): Promise<Engine> {
  const profile = mkdtempSync(join(tmpdir(), 'everywire-firefox-'));
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
  const removeProfile = (): void => rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  const child = await startChild('/usr/bin/firefox-esr', args, /BiDi listening on (ws:\/\/\S+)/, {
    HOME: profile,
  }).catch((error) => {
    removeProfile();
    throw error;
  });
  const talk = await BidiTalk.open(`${child.said?.[1]}/session`);
  await talk.ask('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
  let context = '';
  return {
    name: 'firefox',
    async open(url) {
      const before = context;
      ({ context } = await talk.ask<{ context: string }>('browsingContext.create', { type: 'tab' }));
      if (before) await talk.ask('browsingContext.close', { context: before });
      await talk.ask('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    async evaluate<T>(expression: string): Promise<T> {
      const whole = `Promise.resolve(${expression}).then((value) => JSON.stringify(value ?? null))`;
      const params = { expression: whole, target: { context }, awaitPromise: true };
      const answer = await talk.ask<Evaluated>('script.evaluate', params);
      if (answer.type !== 'success') throw new Error(answer.exceptionDetails?.text);
      return JSON.parse(answer.result?.value ?? 'null') as T;
    },
    async close() {
      talk.close();
      await child.stop();
      removeProfile();
    },
  };
}

/** The answer to `script.evaluate`. */
interface Evaluated {
  readonly type: string;
  readonly result?: { readonly value?: string };
  readonly exceptionDetails?: { readonly text: string };
}

/** Sends commands of WebDriver BiDi and matches the answers by number. */
class BidiTalk {
  readonly #socket: WebSocket;
  readonly #waiting: Map<number, (answer: BidiAnswer) => void> = new Map();
  /** The id of the last command. */
  #lastId = 0;

  static async open(url: string): Promise<BidiTalk> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new BidiTalk(socket);
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const answer = JSON.parse(String(data)) as BidiAnswer;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  async ask<T>(method: string, params: object): Promise<T> {
    const id = ++this.#lastId;
    const answer = await new Promise<BidiAnswer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
    if (answer.type === 'error') throw new Error(`${method}: ${answer.error} ${answer.message}`);
    return answer.result as T;
  }

  close(): void {
    this.#socket.close();
  }
}

/** An answer of WebDriver BiDi. */
interface BidiAnswer {
  readonly id: number;
  readonly type: string;
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
}
