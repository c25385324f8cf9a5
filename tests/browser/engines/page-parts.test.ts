/**
 * @module-tag wide: tests next to these parts of the page test their logic; this tests each engine's storage, locks,
 * events and text direction.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundlePage } from '../bundle-page.js';
import { describeEngines } from './describe-engines.js';
import { servePages } from './wire-lab.js';

let server: Awaited<ReturnType<typeof servePages>>;
let url: string;
beforeAll(async () => {
  const files = await bundlePage(new URL('page-parts-page.ts', import.meta.url));
  server = await servePages(({ url: path = '/' }, answer) => {
    const script = files.get(path);
    // There is no chat server here.
    if (script === undefined && path !== '/') answer.statusCode = 503;
    answer.setHeader('content-type', script ? 'text/javascript;charset=utf-8' : 'text/html;charset=utf-8');
    answer.end(script ?? '<!doctype html><body><script type="module" src="/page-parts-page.js"></script>');
  });
  url = `http://localhost:${server.port}/`;
});
afterAll(() => server?.stop());

const called = ['@Aisha Khan', '@عمر'].map((name) => `<bdi>${name}</bdi>`);
const lines: readonly (readonly [html: string, direction: 'ltr' | 'rtl'])[] = [
  ['مرحبا', 'rtl'],
  ['Hello مرحبا', 'ltr'],
  [`${called[0]} مرحبا`, 'rtl'],
  [`${called[1]} hello`, 'ltr'],
  ['<b><bdi>Ann</bdi>：</b>مرحبا', 'rtl'],
  ['<span dir="auto">quoted</span> مرحبا', 'rtl'],
  ['<span dir="ltr">tides.pdf</span> مرحبا', 'rtl'],
  ['12:05 😀 مرحبا', 'rtl'],
  ['<i>שלום</i> hello', 'rtl'],
  ['12:05', 'ltr'],
];

const emojis: readonly (readonly [text: string, isFew: boolean])[] = [
  ['👍', true],
  ['👍🏽 👩‍👩‍👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿', true],
  ['🇨🇳', true],
  ['1️⃣', true],
  ['❤️', true],
  ['©', false],
  ['👍👍👍👍', false],
  ['👍 ok', false],
  ['12', false],
];

describeEngines((_name, run) => {
  const open = (call: string, task: object = {}) => run<readonly unknown[]>(url, call, task);

  it('a file and a draft written without a server are available to a document loaded later', async () => {
    expect(await open('keepOffline')).toEqual(['high at noon', 'half a sentence']);
  });

  it('of two tabs one notifies, both know that one is focused, and the other notifies once the first is closed', async () => {
    expect(await open('notifyInOne')).toEqual([1, [false, false]]);
  });

  it('a tab notices that its user signs out in another one', async () => {
    expect(await open('signOutInOne')).toEqual([false, true]);
  });

  it('a line has the direction of its first letter outside of names, as assumed by tests without a browser', async () => {
    const html = lines.map(([line]) => line);
    expect(await open('directions', html)).toEqual(
      lines.map(([line, direction]) => [direction, line === '12:05' ? null : direction]),
    );
  });

  it('a text of one to three emojis is distinguished from others', async () => {
    expect(
      await open(
        'areFewEmojis',
        emojis.map(([text]) => text),
      ),
    ).toEqual(emojis.map(([, isFew]) => isFew));
  });

  it('the page finds out whether notifications are possible without showing one', async () => {
    const [said, allowed, made] = await open('notifications');
    expect([said, made]).toEqual([allowed, 0]);
  });
});
