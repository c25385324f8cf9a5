import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** One answer or event of the DevTools protocol. */
interface CdpMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly sessionId?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

type Listener = (params: unknown) => void;

/** How long to wait for a state. Very long, because a slow machine must not look like a page that hangs. */
const DEADLINE_MS = 60_000;

const flags = [
  '--headless',
  '--remote-debugging-pipe',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Chromium limits the timers of hidden pages to one a minute after five minutes. With this flag, after one second.
  '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1',
];

/**
 * Chromium, controlled by its DevTools protocol over a pipe. These tests do not use Playwright, because it focuses every page
 * and disables timer throttling and the page cache, which are tested here.
 */
export class Chromium {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #waiting: Map<number, (message: CdpMessage) => void> = new Map();
  readonly #listeners: Map<string, Set<Listener>> = new Map();
  readonly #exited: Promise<void>;
  #text = '';
  #ids = 0;

  constructor() {
    this.#profile = mkdtempSync(join(tmpdir(), 'everywire-lifecycle-'));
    const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
    this.#process = spawn(executable, [...flags, `--user-data-dir=${this.#profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    this.#exited = new Promise((done) => this.#process.once('exit', () => done()));
    (this.#process.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => this.#read(text));
  }

  /** Creates a profile with its own storage. */
  async newProfile(): Promise<string> {
    return (await this.send<{ browserContextId: string }>('Target.createBrowserContext')).browserContextId;
  }

  /** Opens a tab in front of the other tabs of its profile. */
  async newTab(browserContextId: string, url: string): Promise<Tab> {
    const target = await this.send<{ targetId: string }>('Target.createTarget', { url, browserContextId });
    return this.attach(target.targetId);
  }

  /** Controls a tab that exists already. */
  async attach(targetId: string): Promise<Tab> {
    const { sessionId } = await this.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    const tab = new Tab(this, targetId, sessionId);
    await tab.send('Page.enable');
    return tab;
  }

  /** Sends a command to the browser, or to the page of a session. */
  send<Result = unknown>(method: string, params: object = {}, sessionId?: string): Promise<Result> {
    const id = ++this.#ids;
    const pipe = this.#process.stdio[3] as Writable;
    pipe.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    return new Promise((done, failed) => {
      this.#waiting.set(id, ({ result, error }) => {
        if (error) failed(new Error(`${method}: ${error.message}`));
        else done(result as Result);
      });
    });
  }

  /** Listens to an event. Returns a function that stops listening. */
  listen(method: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(method) ?? new Set();
    this.#listeners.set(method, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.send('Browser.close').catch(() => undefined);
    const killer = setTimeout(() => this.#process.kill('SIGKILL'), DEADLINE_MS / 6);
    await this.#exited;
    clearTimeout(killer);
    try {
      rmSync(this.#profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    } catch {
      // Its helper processes may write a little longer; a few files may stay in the system's temporary folder.
    }
  }

  #read(text: string): void {
    const parts = (this.#text + text).split('\0');
    this.#text = parts.pop() ?? '';
    for (const part of parts) this.#onMessage(JSON.parse(part) as CdpMessage);
  }

  #onMessage(message: CdpMessage): void {
    if (message.id !== undefined) {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    } else for (const listener of this.#listeners.get(message.method ?? '') ?? []) listener(message.params);
  }
}

/** One tab. */
export class Tab {
  readonly targetId: string;
  readonly #browser: Chromium;
  readonly #sessionId: string;

  constructor(browser: Chromium, targetId: string, sessionId: string) {
    this.#browser = browser;
    this.targetId = targetId;
    this.#sessionId = sessionId;
  }

  send<Result = unknown>(method: string, params: object = {}): Promise<Result> {
    return this.#browser.send<Result>(method, params, this.#sessionId);
  }

  /** Returns the value of an expression, as JSON. */
  async read<Value>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await this.send<{
      result: { value: Value };
      exceptionDetails?: { exception?: { description?: string } };
    }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true, userGesture: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? 'the page threw');
    return result.value;
  }

  /** Waits until an expression is true. @throws Error naming it */
  until(expression: string): Promise<void> {
    // During a navigation the page cannot evaluate anything.
    return until(() => this.read<boolean>(expression).catch(() => false), expression);
  }

  async goTo(url: string): Promise<void> {
    await this.send('Page.navigate', { url });
    await this.until(`location.href === ${JSON.stringify(url)} && document.readyState === 'complete'`);
  }

  async goBack(): Promise<void> {
    const history = await this.send<{ currentIndex: number; entries: { id: number }[] }>('Page.getNavigationHistory');
    await this.send('Page.navigateToHistoryEntry', { entryId: history.entries[history.currentIndex - 1]!.id });
  }

  /** Brings the tab in front of the others of its window, which become hidden. */
  async show(): Promise<void> {
    await this.#browser.send('Target.activateTarget', { targetId: this.targetId });
  }

  async close(): Promise<void> {
    await this.#browser.send('Target.closeTarget', { targetId: this.targetId });
  }
}

/** Waits until a condition holds. @throws Error naming it at the deadline */
export async function until(fact: () => boolean | Promise<boolean>, name: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await fact())) {
    if (performance.now() > deadline) throw new Error(`Not in time: ${name}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
