import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TransportName } from '@everywire/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertsFigures, wideUnless } from '../../lane.js';
import { Application, bundleProgram } from './application.js';
import type { Counts } from './messages.js';
import { Page } from './page.js';

/*
 * A server process ends during traffic, and another one takes over its sessions. The applications notice nothing but a lost
 * connection.
 */

const overEach: readonly TransportName[] = [
  ...(['websocket', 'fetch-stream', 'event-stream', 'multipart-stream'] as const),
  ...(['long-poll', 'short-poll', 'tcp'] as const),
];
const pauseMs = 3_000;

let folder: string;
let stop = (): void => undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everywire-restart-'));
});
afterEach(async () => {
  stop();
  await rm(folder, { recursive: true });
});

/** Waits until the condition holds for every page, and throws with the first page for which it does not. */
async function untilEach(pages: readonly Page[], holds: (page: Page, at: number) => boolean): Promise<void> {
  const until = performance.now() + 60_000;
  while (!pages.every(holds)) {
    if (performance.now() > until)
      throw new Error(`${holds}: ${pages.filter((page, at) => !holds(page, at)).join('; ')}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Returns the server's counts by the name of the client. */
function countsBy({ counts }: { readonly counts: readonly Counts[] }): ReadonlyMap<string, Counts> {
  return new Map(counts.map((each) => [each.of, each]));
}

const runs = [
  { sessions: 21, restarts: 3, everyMs: 25, isQuick: true },
  { sessions: 500, restarts: 10, everyMs: 1_000, isQuick: false },
];

describe('in traffic over every transport', () => {
  for (const { sessions, restarts, everyMs, isQuick } of runs) {
    const title = `[SN-24.5] [SN-24.7] [SN-24.12] ${sessions} sessions survive ${restarts} restarts unnoticed`;
    it(title, { tags: wideUnless(isQuick), timeout: 300_000 }, async () => {
      const program = await bundleProgram(folder);
      const path = join(folder, 'sessions');
      let application = await Application.start(program, { port: 0, tcpPort: 0, path, everyMs });
      const { port, tcpPort } = application.ready;
      const transportOf = (at: number) => overEach[at % overEach.length] as TransportName;
      const pages = Array.from(
        { length: sessions },
        (_, at) => new Page([port, tcpPort], transportOf(at), `page ${at}`),
      );
      const talking = setInterval(() => {
        for (const page of pages) page.say();
      }, everyMs);
      stop = () => {
        clearInterval(talking);
        for (const { client } of pages) client.close();
        application.kill();
      };
      await untilEach(pages, ({ came }) => came > 3);
      for (let count = 1; count <= restarts; count += 1) {
        expect((await application.end()).faults).toEqual([]);
        application = await Application.start(program, { port, tcpPort, path, everyMs });
        expect(application.ready.restored).toBe(sessions);
        const before = pages.map(({ came }) => came);
        application.send('publish');
        await untilEach(pages, ({ came }, at) => came > (before[at] as number) + 3);
      }
      clearInterval(talking);
      application.send('be quiet');
      const sent = countsBy(await application.report());
      expect(sent.size).toBe(sessions);
      await untilEach(pages, ({ name, came }) => came === sent.get(name)?.sent);
      await untilEach(pages, ({ asked, replies }) => replies === asked);
      const arrived = async (): Promise<number[]> => {
        const counts = countsBy(await application.report());
        return pages.map(({ name }) => counts.get(name)?.came ?? 0);
      };
      await expect.poll(arrived, { timeout: 60_000 }).toEqual(pages.map((page) => page.sent));
      expect((await application.report()).faults).toEqual([]);
      expect(pages.flatMap(({ faults }) => faults)).toEqual([]);
      expect(pages.filter((page) => page.opened !== 1 || page.forAll !== restarts)).toEqual([]);
      const pauses = pages.map(({ longestPauseMs }) => longestPauseMs).toSorted((a, b) => a - b);
      if (assertsFigures) expect(pauses[Math.floor(sessions * 0.99)]).toBeLessThan(pauseMs + everyMs);
    });
  }
});
