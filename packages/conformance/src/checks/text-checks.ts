import { type Check, check, wait } from '../check.js';
import { expectEqual, expectThat } from '../mismatch.js';
import type { TestLink } from '../test-link.js';

/** The content type of answers that consist of lines of text. */
const TEXT = 'text/plain;charset=utf-8';
/** Bytes that some browsers buffer before they deliver a stream to the page. */
const PADDING_BYTES = 2_048;

/** Checks that a stream has no length, and that its first item is `attached`. */
function expectStream(link: TestLink, type: string): void {
  expectEqual('content type', link.answer.headers.get('content-type'), type);
  expectThat('length', !link.answer.headers.has('content-length'), 'none', link.answer.headers.get('content-length'));
  expectEqual('the first item', link.items[0]?.kind, 'record');
  expectEqual('the number of records attached', link.records('attached').length, 1);
}

/** Checks of `docs/spec/transports.md`: the optional transports whose requests are POSTs, and the endpoints for XDomainRequest. */
export const textChecks: readonly Check[] = [
  ...['[TR-25.1] xhr-stream', '[TR-28.3] xdr-stream'].map((pair) => {
    const [rule, name = ''] = pair.split(' ');
    return check(
      `${rule} starts ${name} with spaces, then attached`,
      async (x) => {
        const session = await x.open();
        await session.up(['one']);
        const link = await session.attach(name);
        await link.gets(1);
        expectStream(link, TEXT);
        const padding = /^ */.exec(link.answer.body.bytes.toString())?.[0].length ?? 0;
        expectThat('spaces', padding >= PADDING_BYTES, `at least ${PADDING_BYTES}`, padding);
        await session.up(['later']);
        expectEqual('messages', await link.gets(2), ['one', 'later']);
      },
      { needs: name },
    );
  }),
  check(
    '[TR-26] [EN-19.2] [EN-19.3] sends each item of a multipart-stream in a part of its own, and escapes the boundary in items',
    async (x) => {
      const session = await x.open();
      const link = await session.attach('multipart-stream');
      await link.next('attached');
      const type = link.answer.headers.get('content-type') ?? '';
      const boundary = /^multipart\/x-mixed-replace; ?boundary="?([^"]+)"?$/.exec(type)?.[1] ?? '';
      // 128 bits are 22 characters of base64.
      expectThat('the boundary', boundary.includes('=') && boundary.length >= 22, 'long, with a =', type);
      await session.up([`a\r\n--${boundary}--\r\n`]);
      expectEqual('a message that contains it', await link.gets(1), [`a\r\n--${boundary}--\r\n`]);
      expectStream(link, type);
      const text = link.answer.body.bytes.toString();
      expectThat('the beginning', text.startsWith(`--${boundary}\r\n`), `--${boundary}`, text.slice(0, 80));
      // One before `attached`, one before the message, and one after it. The escaped copy in the message does not count.
      expectEqual('delimiters', text.split(boundary).length - 1, 3);
    },
    { needs: 'multipart-stream' },
  ),
  check(
    '[TR-27] answers a short poll immediately, with or without messages',
    async (x) => {
      const session = await x.open();
      await session.up(['one']);
      const link = await session.attach('short-poll', { every: 2_000 });
      await link.ends();
      expectEqual('content type', link.answer.headers.get('content-type'), TEXT);
      expectEqual('messages', link.messages, ['one']);
      const idle = await x.open();
      const empty = await idle.attach('short-poll', { every: 2_000 });
      await empty.ends();
      expectEqual('an idle one', [empty.records('attached').length, empty.messages.length], [1, 0]);
    },
    { needs: 'short-poll' },
  ),
  check(
    '[TR-27] [SN-34.7] answers a short poll that comes too soon with the time to wait',
    async (x) => {
      const session = await x.open();
      let pause: number | undefined;
      // On a very busy machine the second poll may not be too soon.
      for (let tries = 0; pause === undefined && tries < 20; tries += 1) {
        const link = await session.attach('short-poll', { every: 2_000 });
        await link.ends();
        const [record] = link.records('wait');
        if (record !== undefined) pause = Number(record['ms']);
      }
      expectThat('the pause', pause !== undefined && pause > 0, 'a record wait with ms', pause);
      await wait(pause ?? 0);
      const after = await session.attach('short-poll', { every: 2_000 });
      await after.ends();
      expectEqual('the next', after.records('attached').length, 1);
    },
    { needs: 'short-poll' },
  ),
  check(
    '[TR-28.1] reports an error to an XDomainRequest as a line with status 200',
    async (x) => {
      const own = { Origin: x.target.origin };
      for (const name of ['xdr-up', 'xdr-open']) {
        const wrong = await x.request({ method: 'POST', name, headers: own, body: { t: 'body' } });
        const error = await wrong.json();
        expectEqual(name, [wrong.status, error?.['t'], error?.['code']], [200, 'error', 'malformed']);
      }
      const opened = await x.request({ method: 'POST', name: 'xdr-open', headers: own, body: x.openRecord() });
      expectEqual('open', [opened.status, (await opened.json())?.['t']], [200, 'opened']);
    },
    { needs: 'xdr-up' },
  ),
  check(
    '[TR-7.3] refuses an XDomainRequest from a foreign origin by status',
    async (x) => {
      const headers = { Origin: 'https://elsewhere.example' };
      const answer = await x.request({ method: 'POST', name: 'xdr-open', headers, body: x.openRecord() });
      expectEqual('status', answer.status, 403);
    },
    { needs: 'xdr-open' },
  ),
  check(
    '[TR-28.2] answers a poll by an XDomainRequest',
    async (x) => {
      const session = await x.open();
      await session.up(['one']);
      const link = await session.attach('xdr-poll');
      await link.ends();
      expectEqual('content type', link.answer.headers.get('content-type'), TEXT);
      expectEqual('messages', link.messages, ['one']);
    },
    { needs: 'xdr-poll' },
  ),
];
