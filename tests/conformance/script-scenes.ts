import type { Fields } from '../../packages/conformance/src/item.js';
import type { Scene } from './scenes.js';
import { nonce, ToldClient } from './told-client.js';
import type { Carrier, Transcript } from './transcript.js';

/** Waits for this text in what a script or document says, and writes down what came to the end of its line. */
async function said(t: Transcript, link: Carrier, until: string): Promise<Fields> {
  const { connection, body } = link.answer;
  const text = await connection.until(until, () => {
    const all = body.bytes.toString();
    return all.includes(until) && all.endsWith('\n') ? all : undefined;
  });
  const literals = [...text.matchAll(/\(("(?:[^"\\]|\\.)*")\)/g)].map(
    ([, literal = '']) => JSON.parse(literal) as string,
  );
  const items = literals.flatMap((literal) => literal.split('\n')).filter((line) => line.startsWith('{'));
  const records = items.map((line) => JSON.parse(line) as Fields);
  for (const record of records) t.onRecord(record);
  await link.lines(until);
  return records.at(-1) ?? {};
}

/** A form with its one field; the answer is a document, which its page cannot read. */
async function form(t: Transcript, record: Fields): Promise<void> {
  const headers = { Origin: 'https://page.example', 'Content-Type': 'text/plain' };
  const shown = await t.request({
    method: 'POST',
    name: 'form-post',
    headers,
    body: `d=${JSON.stringify(record)}\r\n`,
  });
  await shown.lines('title');
}

const headers = { 'Sec-Fetch-Site': 'cross-site', Referer: 'https://page.example/' };

const iframeStream: Scene = {
  title: 'Iframe stream, htmlfile stream',
  play: async (t) => {
    const client = new ToldClient(t);
    await client.open();
    const { ticket } = await t.post('ticket', client.attach());
    t.remark(
      'The page names its origin, which is the one that the document speaks to. What follows its head is padding.',
    );
    const query = `ticket=${String(ticket)}&origin=https://page.example`;
    const document = await t.request({ method: 'GET', name: `iframe-stream?${query}`, headers });
    await said(t, document, '\\"ticket\\"');
    await t.post('up', client.body(['</script>', Uint8Array.of(0, 1, 255)]));
    await document.lines('AAH/');
    document.cut();
    t.remark('`htmlfile-stream` is the same document, by an address of its own.');
    client.took('</script>', Uint8Array.of(0, 1, 255));
    const again = await t.post('ticket', client.attach());
    const htmlfile = await t.request({ method: 'GET', name: `htmlfile-stream?ticket=${String(again['ticket'])}` });
    await said(t, htmlfile, '\\"ticket\\"');
    htmlfile.cut();
  },
};

const jsonp: Scene = {
  title: 'JSONP, with forms',
  play: async (t) => {
    const client = new ToldClient(t);
    t.remark(
      'The answer to a form is not to be read. It is kept under a secret of the page, and given once to a script.',
    );
    await form(t, { t: 'open', version: 2, nonce, blind: true, answer: 'Secret-of-the-page-0001' });
    const poll = async (name: string, until: string): Promise<Fields> =>
      said(t, await t.request({ method: 'GET', name, headers }), until);
    client.opened(await poll('form-answer?ticket=Secret-of-the-page-0001&cb=everywire$.f1', ');'));
    await form(t, client.attach({ answer: 'Secret-of-the-page-0002' }));
    const first = await poll('form-answer?ticket=Secret-of-the-page-0002&cb=everywire$.f1', ');');
    const { ticket } = await poll(`jsonp-poll?ticket=${String(first['ticket'])}&prompt=true&cb=everywire$.f1`, ');');
    t.remark('A message goes up; that it came, the next poll says.');
    await form(t, client.body(['hello'], { blind: true }));
    const { n, ack, received, seen, sent, sum } = client.attach();
    const counts = Object.entries({ n, ack, received, seen, sent, sum }).map(([name, value]) => `${name}=${value}`);
    await poll(`jsonp-poll?ticket=${String(ticket)}&${counts.join('&')}&cb=everywire$.f1`, ');');
    t.remark('A ticket that is spent, and a callback that is none.');
    await poll(`jsonp-poll?ticket=${String(ticket)}&cb=everywire$.f1`, ');');
    const refused = await t.request({ method: 'GET', name: 'jsonp-poll?ticket=x&cb=alert(1)', headers });
    await refused.lines('}');
  },
};

export const scriptScenes: readonly Scene[] = [iframeStream, jsonp];
