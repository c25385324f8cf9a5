import { type Check, check } from '../check.js';
import type { Examiner } from '../examiner.js';
import type { HttpAnswer } from '../http-exchange.js';
import type { Fields } from '../item.js';
import { expectEqual, expectThat } from '../mismatch.js';
import { TestLink } from '../test-link.js';
import { byTicket, CALLBACK } from './by-ticket.js';

/** Headers of a browser for a request by an element of a foreign page. */
const foreign = { 'Sec-Fetch-Site': 'cross-site', Referer: 'https://elsewhere.example/' };

async function form(x: Examiner, record: Fields): Promise<HttpAnswer> {
  const headers = { Origin: x.target.origin, 'Content-Type': 'text/plain' };
  return x.request({ method: 'POST', name: 'form-post', headers, body: `d=${JSON.stringify(record)}\r\n` });
}

async function formAnswer(x: Examiner, secret: string): Promise<Fields> {
  const name = `form-answer?ticket=${secret}&cb=${CALLBACK}`;
  return new TestLink('form-answer', await x.request({ method: 'GET', name })).next('opened', 'answer', 'refused');
}

/** Checks of `docs/spec/transports.md`: the optional endpoints for page elements. */
export const elementChecks: readonly Check[] = [
  ...['iframe-stream', 'htmlfile-stream'].map((name) =>
    check(
      `[TR-30.1] [TR-30.7] [TR-30.8] [EN-21.1] serves ${name} as a document that can only call its parent`,
      async (x) => {
        const session = await x.open();
        const link = await byTicket(session, name, '');
        await link.next('attached');
        expectEqual('content type', link.answer.headers.get('content-type'), 'text/html;charset=utf-8');
        const policy = link.answer.headers.get('content-security-policy') ?? '';
        for (const part of ["default-src 'none'", "base-uri 'none'", "form-action 'none'", 'frame-ancestors '])
          expectThat('the policy', policy.includes(part), part, policy);
        expectThat('cookies', !link.answer.headers.has('set-cookie'), 'none', link.answer.headers.get('set-cookie'));
        const head = link.answer.body.bytes.indexOf('<script>e(');
        expectThat('bytes before the first item', head >= 2_048, 'at least 2,048', head);
        const text = '</script><script>alert(1)</script>\u2028é';
        await session.up([text]);
        expectEqual('a message of markup', await link.gets(1), [text]);
        const body = link.answer.body.bytes;
        expectThat('the bytes', !body.some((byte) => byte > 0x7f), 'only ASCII', body.toString());
        expectEqual('the script of a message', body.toString().includes('alert(1)</script>'), false);
      },
      { needs: name },
    ),
  ),
  check(
    '[TR-30.4] refuses a document for an origin that is not allowed',
    async (x) => {
      const name = 'iframe-stream?ticket=x&origin=https://elsewhere.example';
      const answer = await x.request({ method: 'GET', name });
      expectEqual('status', answer.status, 403);
      expectEqual('code', (await answer.json())?.['code'], 'origin_refused');
    },
    { needs: 'iframe-stream' },
  ),
  check(
    '[TR-31.1] [TR-31.3] [EN-20] [EN-22] answers a JSONP poll with one call of the callback with one literal',
    async (x) => {
      const session = await x.open();
      await session.up(['</script>é"\\', 'two']);
      const link = await byTicket(session, 'jsonp-poll');
      await link.ends();
      const { headers } = link.answer;
      expectEqual('content type', headers.get('content-type'), 'text/javascript;charset=utf-8');
      expectEqual('sniffing', headers.get('x-content-type-options'), 'nosniff');
      expectThat(
        'disposition',
        headers.get('content-disposition')?.startsWith('attachment') === true,
        'attachment',
        headers.get('content-disposition'),
      );
      expectEqual('messages', link.messages, ['</script>é"\\', 'two']);
      const text = link.answer.body.bytes.toString('latin1');
      expectThat(
        'the script',
        /^[ -~]+\n$/.test(text) && !/[<>&']/.test(text),
        'ASCII, without < > & and quotes',
        text,
      );
      const spent = new TestLink('jsonp-poll', await x.request({ method: 'GET', name: 'jsonp-poll?ticket=x&cb=f' }));
      expectEqual('the code for an invalid ticket', (await spent.next('refused'))['code'], 'ticket');
    },
    { needs: 'jsonp-poll' },
  ),
  check(
    '[EN-23] refuses a callback that is not a valid name',
    async (x) => {
      const names = [
        '',
        'alert(1)',
        'a.b.c.d.e',
        '1a',
        'a.constructor',
        '__proto__',
        'a..b',
        'a'.repeat(33),
        '%3Cb%3E',
      ];
      for (const callback of names) {
        const answer = await x.request({ method: 'GET', name: `jsonp-poll?ticket=x&cb=${callback}` });
        expectEqual(`status of ${callback}`, answer.status, 400);
        expectEqual(`code of ${callback}`, (await answer.json())?.['code'], 'callback_invalid');
      }
    },
    { needs: 'jsonp-poll' },
  ),
  check(
    '[TR-32.1] [TR-32.2] [TR-32.3] [TR-32.4] [TR-32.5] accepts forms, and gives the answer only once, for the secret',
    async (x) => {
      const secret = x.nonce();
      const shown = await form(x, x.openRecord({ answer: secret }));
      expectEqual('status', shown.status, 200);
      const text = (await shown.whole()).toString();
      expectThat('the shown document', !text.includes('opened'), 'no record', text);
      expectEqual('the answer', (await formAnswer(x, secret))['t'], 'opened');
      expectEqual('the answer again', (await formAnswer(x, secret))['code'], 'ticket');
      const headers = { Origin: x.target.origin, 'Content-Type': 'text/plain' };
      const wrong = await x.request({ method: 'POST', name: 'form-post', headers, body: 'e={}\r\n' });
      expectEqual('status of a malformed form', wrong.status, 400);
    },
    { needs: 'form-post' },
  ),
  ...['iframe-stream?ticket=x', `jsonp-poll?ticket=x&cb=${CALLBACK}`, `form-answer?ticket=x&cb=${CALLBACK}`].map(
    (name) =>
      check(
        `[TR-33.1] [TR-33.2] refuses ${name.split('?')[0]} to a page whose origin is missing or not allowed`,
        async (x) => {
          const get = async (headers: Readonly<Record<string, string>>): Promise<number> =>
            (await x.request({ method: 'GET', name, headers })).status;
          const { Referer: _silent, ...silent } = foreign;
          expectEqual('status for a foreign page', await get(foreign), 403);
          expectEqual('status for a foreign page without a Referer', await get(silent), 403);
          expectEqual('status for its own page', await get({ ...silent, Referer: `${x.target.origin}/` }), 200);
        },
        { needs: name.split('?')[0] as string },
      ),
  ),
];
