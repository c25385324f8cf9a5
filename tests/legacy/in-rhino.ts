import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TransportName } from '@everywire/client';
import { createFaultProxy, type FaultProxy } from '@everywire/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { judge, MESSAGES_EACH_WAY } from '../transports/numbered-content.js';
import { NumberedServer } from '../transports/numbered-server.js';

// Rhino is a JavaScript engine in Java. It can be restricted to the language of old browsers.

/** The deadline of a run. A run takes four seconds, but Java starts slowly on a busy machine. */
const DEADLINE_MS = 200_000;

const here = fileURLToPath(new URL('.', import.meta.url));
let directory: string;
let file: string;
let server: NumberedServer;
let proxy: FaultProxy;

/** What a run has printed: the received messages, and its end. */
interface Talked {
  readonly down: readonly (string | Uint8Array)[];
  readonly end: unknown;
}

/** How a run connects. */
interface Way {
  /** `new`: with all abilities of Rhino. `bare`: with those of old browsers. */
  readonly engine: 'new' | 'bare';
  /** The request object that the page has. */
  readonly by: 'xhr' | 'activex' | 'xdr';
  readonly name: TransportName;
  /** Whether `npm test` runs this case. */
  readonly quick?: true;
}

/** Runs a script in Rhino. Calls `onMessage` after each received message, with the number of messages so far. */
async function run(
  { engine, by, name }: Way,
  does: 'talk' | 'leave',
  onMessage: (count: number) => void = () => undefined,
): Promise<Talked> {
  const files = [join(here, 'rhino-page.js'), file, join(here, `rhino-${does}.js`)];
  const child = spawn(
    '/usr/bin/java',
    [
      '-cp',
      '/usr/share/java/rhino.jar',
      'org.mozilla.javascript.tools.shell.Main',
      ...files,
      engine,
      by,
      `http://127.0.0.1:${proxy.port}/everywire`,
      name,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const deadline = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const down: (string | Uint8Array)[] = [];
  let end: unknown;
  for await (const line of createInterface(child.stdout)) {
    if (!/^["[{]/.test(line)) {
      errors += `${line}\n`;
      continue;
    }
    const value = JSON.parse(line);
    if (typeof value === 'string' || Array.isArray(value)) {
      down.push(typeof value === 'string' ? value : Uint8Array.from(value));
      onMessage(down.length);
    } else end = value;
  }
  clearTimeout(deadline);
  if (!end) throw new Error(errors);
  return { down, end };
}

/** The bare engine with each transport; the full engine with the two that read partial responses. */
const ways: readonly Way[] = [
  { engine: 'new', by: 'xhr', name: 'xhr-stream' },
  { engine: 'new', by: 'xdr', name: 'xdr-stream' },
  { engine: 'bare', by: 'xhr', name: 'xhr-stream', quick: true },
  { engine: 'bare', by: 'xhr', name: 'long-poll' },
  { engine: 'bare', by: 'activex', name: 'long-poll' },
  { engine: 'bare', by: 'xdr', name: 'xdr-stream' },
  { engine: 'bare', by: 'xdr', name: 'xdr-poll' },
];

/** Defines the tests in Rhino. `script` returns the legacy build, once the tests run. */
export function describeInRhino(script: () => string): void {
  describe('the legacy build in Rhino', () => {
    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), 'everywire-legacy-'));
      file = join(directory, 'everywire.legacy.js');
      writeFileSync(file, script());
    });
    afterAll(() => rmSync(directory, { recursive: true }));
    beforeEach(async () => {
      server = await NumberedServer.start({ origins: ['http://page.test'] });
      proxy = await createFaultProxy(server.port);
    });
    afterEach(async () => {
      await proxy.close();
      await server.stop();
    });

    for (const way of ways) {
      const tags = way.quick ? [] : ['wide'];
      const title = `messages in both directions survive cuts with engine ${way.engine}, over ${way.name} by ${way.by}`;
      it(`[SN-1] [SN-11] ${title}`, { tags }, () => talkThroughCuts(way));
    }

    async function talkThroughCuts(way: Way): Promise<void> {
      const cuts: number[] = [];
      const { down, end } = await run(way, 'talk', (count) => {
        if (count === 60 || count === 130) cuts.push(proxy.cutNow('reset'));
      });
      const faultless = { received: MESSAGES_EACH_WAY, lost: 0, repeated: 0, outOfOrder: 0, altered: 0 };

      expect(judge(down)).toEqual(faultless);
      expect(judge(server.up)).toEqual(faultless);
      expect(end).toMatchObject({ code: 1000, clean: true, transports: way.name });
      expect(server.sessions).toBe(1);
      expect(server.verdict).toMatchObject({ clean: true, unknown: 0 });
      expect(cuts).toHaveLength(2);
    }

    it.each(['xhr', 'activex'] as const)(
      '[SN-15.19] the last message before the page unloads still arrives, by %s',
      { tags: ['wide'] },
      async (by) => {
        expect((await run({ engine: 'bare', by, name: 'long-poll' }, 'leave')).end).toEqual({ left: true });
        // The page waited for the answer, which the server sends once it has accepted the message.
        expect(server.up).toEqual(['1 last words']);
      },
    );
  });
}
