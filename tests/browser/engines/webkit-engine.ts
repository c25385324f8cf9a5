import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Child, startChild } from './child.js';
import { ENGINE_DEADLINE_MS, type Engine } from './engine.js';

const MINI_BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const capabilities = {
  alwaysMatch: {
    acceptInsecureCerts: true,
    'webkitgtk:browserOptions': { binary: MINI_BROWSER, args: ['--automation'] },
  },
};

/** Opens Debian's WebKitGTK, which is Safari's engine, by WebDriver, on a screen of its own. */
export async function openWebKit(): Promise<Engine> {
  const screenArgs = ['-displayfd', '1', '-screen', '0', '800x600x24', '-nolisten', 'tcp'];
  const screen = await startChild('Xvfb', screenArgs, /^(\d+)\n/m);
  const children = [screen];
  try {
    const { driver, base } = await startDriver(`:${screen.said?.[1]}`);
    children.unshift(driver);
    const { sessionId } = await ask<{ sessionId: string }>(`${base}/session`, { capabilities });
    const session = `${base}/session/${sessionId}`;
    await ask(`${session}/timeouts`, { script: ENGINE_DEADLINE_MS });
    return {
      name: 'webkit',
      open: (url) => ask(`${session}/url`, { url }),
      evaluate: (expression) => evaluate(session, expression),
      close: () => close(session, children),
    };
  } catch (error) {
    for (const child of children) await child.stop();
    throw error;
  }
}

/**
 * Starts the driver on a free port, because it does not accept port 0. If another program takes the port meanwhile, the
 * driver exits, and is started again on another port.
 */
async function startDriver(display: string): Promise<{ readonly driver: Child; readonly base: string }> {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    const driver = await startChild('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], null, {
      DISPLAY: display,
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
      LIBGL_ALWAYS_SOFTWARE: '1',
    });
    const base = `http://127.0.0.1:${port}`;
    if (await answers(`${base}/status`, driver)) return { driver, base };
    if (tries === 3) throw new Error('WebKitWebDriver ended three times as it was started');
  }
}

async function evaluate<T>(session: string, expression: string): Promise<T> {
  const script =
    'const done = arguments[arguments.length - 1];' +
    `Promise.resolve(${expression}).then((value) => done({ json: JSON.stringify(value ?? null) }), (error) => done({ error: String(error) }));`;
  const answer = await ask<{ json?: string; error?: string }>(`${session}/execute/async`, { script, args: [] });
  if (answer.error !== undefined) throw new Error(answer.error);
  return JSON.parse(answer.json ?? 'null') as T;
}

async function close(session: string, children: readonly Child[]): Promise<void> {
  // Ends the browser; if the driver is gone already, nothing is left to end.
  await fetch(session, { method: 'DELETE' }).catch(() => undefined);
  for (const child of children) await child.stop();
}

/** Sends one command of WebDriver. @throws Error with the driver's message */
async function ask<T>(url: string, body: object): Promise<T> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  const { value } = (await answer.json()) as { value: T & { message?: string } };
  if (!answer.ok) throw new Error(`${url}: ${value.message}`);
  return value;
}

/** Polls the driver until it answers, because it prints nothing when it is ready. Returns `false` if it exits before. */
async function answers(url: string, driver: Child): Promise<boolean> {
  const until = performance.now() + ENGINE_DEADLINE_MS;
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (driver.ended()) return false;
    if (answer?.ok) return true;
    if (performance.now() > until) {
      await driver.stop();
      throw new Error(`${url} does not answer`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Returns a port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
