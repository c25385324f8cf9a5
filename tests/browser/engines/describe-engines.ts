import { afterAll, beforeAll, describe } from 'vitest';
import { openChromium } from './chromium-engine.js';
import type { Engine, EngineName } from './engine.js';
import { openFirefox } from './firefox-engine.js';
import { openWebKit } from './webkit-engine.js';

const engines: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  chromium: openChromium,
  firefox: openFirefox,
  webkit: openWebKit,
};

/**
 * Opens a page in the engine, waits until its script has set this function, calls it with the task, and returns its
 * result.
 */
export type RunPage = <T>(url: string, name: string, task: object) => Promise<T>;

/**
 * Defines the same tests for each browser engine, which is started once. `engine` returns the running engine, and may be
 * called within tests only.
 */
export function describeEngines(tests: (name: EngineName, run: RunPage, engine: () => Engine) => void): void {
  describe.each(Object.keys(engines) as EngineName[])('%s', (name) => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await engines[name]();
    });
    afterAll(() => engine?.close());
    const run: RunPage = async (url, call, task) => {
      await engine.open(url);
      await engine.evaluate(`new Promise((done) => {
        (function look() { window.${call} ? done() : setTimeout(look, 5); })();
      })`);
      return engine.evaluate(`${call}(${JSON.stringify(task)})`);
    };
    tests(name, run, () => engine);
  });
}
