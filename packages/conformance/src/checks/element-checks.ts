import { type Check, check } from '../check.js';
import type { Examiner } from '../examiner.js';
import type { HttpAnswer } from '../http-exchange.js';
import type { Fields } from '../item.js';
import { expectEqual, expectThat } from '../mismatch.js';
import { TestLink } from '../test-link.js';
import { byTicket, CALLBACK } from './by-ticket.js';

/** What a browser says of the page whose element asks. */
const strange = { 'Sec-Fetch-Site': 'cross-site', Referer: 'https://elsewhere.example/' };

async function form(x: Examiner, record: Fields): Promise<HttpAnswer> {
  const headers = { Origin: x.target.origin, 'Content-Type': 'text/plain' };
  return x.request({ method: 'POST', name: 'form-post', headers, body: `d=${JSON.stringify(record)}\r\n` });
}

async function formAnswer(x: Examiner, secret: string): Promise<Fields> {
  const name = `form-answer?ticket=${secret}&cb=${CALLBACK}`;
  return new TestLink('form-answer', await x.request({ method: 'GET', name })).next('opened', 'answer', 'refused');
}

/** `docs/spec/transports.md`: what a server gives to elements of a page, if it does. */
export const elementChecks: readonly Check[] = [
  ...['iframe-stream', 'htmlfile-stream'].map((name) =>
    check(
      `[TR-30.1] [TR-30.7] [TR-30.8] [EN-21.1] serves ${name} as a document that may do nothing but call its parent`,
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
        expectThat('the bytes', !body.some((byte) => byte > 0x7f), 'ASCII alone', body.toString());
        expectEqual('the script of a message', body.toString().includes('alert(1)</script>'), false);
      },
      { needs: name },
    ),
  ),
  check(
    '[TR-30.4] speaks to no origin that may not connect',
    async (x) => {
      const name = 'iframe-stream?ticket=x&origin=https://elsewhere.example';
      const answer = await x.request({ method: 'GET', name });
      expectEqual('status', answer.status, 403);
      expectEqual('code', (await answer.json())?.['code'], 'origin_refused');
    },
    { needs: 'iframe-stream' },
  ),
  check(
    '[TR-31.1] [TR-31.3] [EN-20] [EN-22] answers a JSONP poll with one call of one literal',
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
      expectEqual('a ticket that is no good', (await spent.next('refused'))['code'], 'ticket');
    },
    { needs: 'jsonp-poll' },
  ),
  check(
    '[EN-23] calls nothing that is no name',
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
    '[TR-32.1] [TR-32.2] [TR-32.3] [TR-32.4] [TR-32.5] takes forms, shows nothing, and gives the answer once to who knows the secret',
    async (x) => {
      const secret = x.nonce();
      const shown = await form(x, x.openRecord({ answer: secret }));
      expectEqual('status', shown.status, 200);
      const text = (await shown.whole()).toString();
      expectThat('what is shown', !text.includes('opened'), 'no record', text);
      expectEqual('the answer', (await formAnswer(x, secret))['t'], 'opened');
      expectEqual('the answer again', (await formAnswer(x, secret))['code'], 'ticket');
      const headers = { Origin: x.target.origin, 'Content-Type': 'text/plain' };
      const wrong = await x.request({ method: 'POST', name: 'form-post', headers, body: 'e={}\r\n' });
      expectEqual('status of what is no such form', wrong.status, 400);
    },
    { needs: 'form-post' },
  ),
  ...['iframe-stream?ticket=x', `jsonp-poll?ticket=x&cb=${CALLBACK}`, `form-answer?ticket=x&cb=${CALLBACK}`].map(
    (name) =>
      check(
        `[TR-33.1] [TR-33.2] answers ${name.split('?')[0]} to no page that does not name itself, or may not connect`,
        async (x) => {
          const get = async (headers: Readonly<Record<string, string>>): Promise<number> =>
            (await x.request({ method: 'GET', name, headers })).status;
          const { Referer: _silent, ...silent } = strange;
          expectEqual('status for another', await get(strange), 403);
          expectEqual('status for one that is silent', await get(silent), 403);
          expectEqual('status for its own', await get({ ...silent, Referer: `${x.target.origin}/` }), 200);
        },
        { needs: name.split('?')[0] as string },
      ),
  ),
];
