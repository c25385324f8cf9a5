import type { Fields } from '../../packages/conformance/src/item.js';
import type { Scene } from './scenes.js';
import { nonce, ScriptedClient } from './scripted-client.js';
import type { Carrier, Transcript } from './transcript.js';

/** Waits for this text in a script or document, and records everything up to the end of its line. */
async function script(t: Transcript, link: Carrier, until: string): Promise<Fields> {
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

/** Posts a form with one field. The answer is a document that the page cannot read. */
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

/** Headers with which a browser loads a script of another site. */
const headers = { 'Sec-Fetch-Site': 'cross-site', Referer: 'https://page.example/' };

const iframeStream: Scene = {
  title: 'Iframe stream, htmlfile stream',
  play: async (t) => {
    const client = new ScriptedClient(t);
    await client.open();
    const { ticket } = await t.post('ticket', client.attach());
    t.remark(
      'The page names its origin, and the document only posts to that origin. The text after its head is padding.',
    );
    const query = `ticket=${String(ticket)}&origin=https://page.example`;
    const document = await t.request({ method: 'GET', name: `iframe-stream?${query}`, headers });
    await script(t, document, '\\"ticket\\"');
    await t.post('up', client.body(['</script>', Uint8Array.of(0, 1, 255)]));
    await document.lines('AAH/');
    document.cut();
    t.remark('`htmlfile-stream` is the same document at another address.');
    client.receive('</script>', Uint8Array.of(0, 1, 255));
    const again = await t.post('ticket', client.attach());
    const htmlfile = await t.request({ method: 'GET', name: `htmlfile-stream?ticket=${String(again['ticket'])}` });
    await script(t, htmlfile, '\\"ticket\\"');
    htmlfile.cut();
  },
};

const jsonp: Scene = {
  title: 'JSONP, with forms',
  play: async (t) => {
    const client = new ScriptedClient(t);
    t.remark(
      'A page cannot read the answer to a form. The server stores it, and returns it once to a script with a secret.',
    );
    await form(t, { t: 'open', version: 2, nonce, blind: true, answer: 'Secret-of-the-page-0001' });
    const poll = async (name: string, until: string): Promise<Fields> =>
      script(t, await t.request({ method: 'GET', name, headers }), until);
    client.useSession(await poll('form-answer?ticket=Secret-of-the-page-0001&cb=everywire$.f1', ');'));
    await form(t, client.attach({ answer: 'Secret-of-the-page-0002' }));
    const first = await poll('form-answer?ticket=Secret-of-the-page-0002&cb=everywire$.f1', ');');
    const { ticket } = await poll(`jsonp-poll?ticket=${String(first['ticket'])}&prompt=true&cb=everywire$.f1`, ');');
    t.remark('The client sends a message. The next poll confirms its receipt.');
    await form(t, client.body(['hello'], { blind: true }));
    const { n, ack, received, seen, sent, sum } = client.attach();
    const counts = Object.entries({ n, ack, received, seen, sent, sum }).map(([name, value]) => `${name}=${value}`);
    await poll(`jsonp-poll?ticket=${String(ticket)}&${counts.join('&')}&cb=everywire$.f1`, ');');
    t.remark('A used ticket, and an invalid callback.');
    await poll(`jsonp-poll?ticket=${String(ticket)}&cb=everywire$.f1`, ');');
    const refused = await t.request({ method: 'GET', name: 'jsonp-poll?ticket=x&cb=alert(1)', headers });
    await refused.lines('}');
  },
};

export const scriptScenes: readonly Scene[] = [iframeStream, jsonp];
