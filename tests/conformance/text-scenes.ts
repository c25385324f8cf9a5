import { posted, type Scene } from './scenes.js';
import { nonce, ScriptedClient } from './scripted-client.js';
import type { Transcript } from './transcript.js';

/** Plays a text stream from its attach to its end. Waits for the text `until` as the last echo. */
async function playStream(t: Transcript, name: string, until: string): Promise<void> {
  const client = new ScriptedClient(t);
  await client.open();
  const stream = await t.request(posted(name, client.attach()));
  await stream.lines('"attached"');
  t.remark('The client sends by POST, and receives the echo on the stream.');
  await t.post('up', client.body(['hello', Uint8Array.of(0, 1, 255)]));
  await stream.lines(until);
  client.receive('hello', Uint8Array.of(0, 1, 255));
  client.receiveAck(2);
  t.remark('An empty body acknowledges and closes. The stream delivers the verdict, and ends.');
  await t.post('up', client.body([], { last: 2 }));
  await stream.lines('"closed"');
  await stream.end();
}

const xhrStream: Scene = {
  title: 'XHR stream',
  play: (t) => playStream(t, 'xhr-stream', 'AAH/'),
};

const multipartStream: Scene = {
  title: 'Multipart stream',
  play: (t) => playStream(t, 'multipart-stream', 'AAH/'),
};

const shortPoll: Scene = {
  title: 'Short poll',
  play: async (t) => {
    const client = new ScriptedClient(t);
    await client.open();
    await t.post('up', client.body(['hello']));
    client.receiveAck(1);
    t.remark(
      'A poll states the shortest interval of its client. It is answered immediately, with or without messages.',
    );
    const poll = await t.request(posted('short-poll', client.attach({ every: 2_000 })));
    await poll.lines('"hello"');
    await poll.end();
    client.receive('hello');
    t.remark('The next poll is too early, so the answer states how long to wait. Its message is not accepted.');
    client.send('two');
    await t.post('short-poll', client.attach({ every: 2_000, first: 2, count: 1, m: ['two'] }));
  },
};

const xDomainRequest: Scene = {
  title: 'XDomainRequest',
  play: async (t) => {
    const client = new ScriptedClient(t);
    t.remark('Internet Explorer 8 sends no content type, no custom header and no cookie, only the origin of the page.');
    const headers = { Origin: 'https://page.example' };
    const crossDomain = (name: string, body: object): Parameters<Transcript['request']>[0] => ({
      method: 'POST',
      name,
      headers,
      body,
    });
    const opened = await t.request(crossDomain('xdr-open', { t: 'open', version: 2, nonce }));
    client.useSession(await opened.readRecord());
    const stream = await t.request(crossDomain('xdr-stream', client.attach()));
    await stream.lines('"attached"');
    const up = await t.request(crossDomain('xdr-up', client.body(['hello'])));
    await up.readRecord();
    await stream.lines('"hello"');
    stream.cut();
    client.receive('hello');
    client.receiveAck(1);
    t.remark('Polls work where streams are blocked.');
    const poll = await t.request(crossDomain('xdr-poll', client.attach({ prompt: true })));
    await poll.lines('"attached"');
    await poll.end();
    t.remark('The page cannot read the status, so an error is also a line.');
    await (await t.request(crossDomain('xdr-up', { t: 'body' }))).readRecord();
  },
};

export const textScenes: readonly Scene[] = [xhrStream, multipartStream, shortPoll, xDomainRequest];
