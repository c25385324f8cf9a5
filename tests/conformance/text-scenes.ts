import { posted, type Scene } from './scenes.js';
import { nonce, ToldClient } from './told-client.js';
import type { Transcript } from './transcript.js';

/** One stream that is read as text, from its attach to its end. */
async function echoed(t: Transcript, name: string, until: string): Promise<void> {
  const client = new ToldClient(t);
  await client.open();
  const stream = await t.request(posted(name, client.attach()));
  await stream.lines('"attached"');
  t.remark('Up goes by POST, and comes back by the stream.');
  await t.post('up', client.body(['hello', Uint8Array.of(0, 1, 255)]));
  await stream.lines(until);
  client.took('hello', Uint8Array.of(0, 1, 255));
  client.heardAck(2);
  t.remark('An empty body acknowledges, and says that this client closes: the stream has the verdict, and ends.');
  await t.post('up', client.body([], { last: 2 }));
  await stream.lines('"closed"');
  await stream.end();
}

const xhrStream: Scene = {
  title: 'XHR stream',
  play: (t) => echoed(t, 'xhr-stream', 'AAH/'),
};

const multipartStream: Scene = {
  title: 'Multipart stream',
  play: (t) => echoed(t, 'multipart-stream', 'AAH/'),
};

const shortPoll: Scene = {
  title: 'Short poll',
  play: async (t) => {
    const client = new ToldClient(t);
    await client.open();
    await t.post('up', client.body(['hello']));
    client.heardAck(1);
    t.remark(
      'A poll says how often its client asks at most. It is answered at once, whether there is something to say or not.',
    );
    const poll = await t.request(posted('short-poll', client.attach({ every: 2_000 })));
    await poll.lines('"hello"');
    await poll.end();
    client.took('hello');
    t.remark('The next comes too soon, and is told when it may come. It brought a message, which is not taken.');
    client.wrote('two');
    await t.post('short-poll', client.attach({ every: 2_000, first: 2, count: 1, m: ['two'] }));
  },
};

const xDomainRequest: Scene = {
  title: 'XDomainRequest',
  play: async (t) => {
    const client = new ToldClient(t);
    t.remark(
      'No content type, no header of its own, no cookie: all that Internet Explorer 8 says of itself is its page.',
    );
    const headers = { Origin: 'https://page.example' };
    const asked = (name: string, body: object): Parameters<Transcript['request']>[0] => ({
      ...{ method: 'POST', name, headers, body },
    });
    const opened = await t.request(asked('xdr-open', { t: 'open', version: 2, nonce }));
    client.opened(await opened.told());
    const stream = await t.request(asked('xdr-stream', client.attach()));
    await stream.lines('"attached"');
    const up = await t.request(asked('xdr-up', client.body(['hello'])));
    await up.told();
    await stream.lines('"hello"');
    stream.cut();
    client.took('hello');
    client.heardAck(1);
    t.remark('Where no stream comes through, polls do.');
    const poll = await t.request(asked('xdr-poll', client.attach({ prompt: true })));
    await poll.lines('"attached"');
    await poll.end();
    t.remark('Its page can read no status: an error is a line, too.');
    await (await t.request(asked('xdr-up', { t: 'body' }))).told();
  },
};

export const textScenes: readonly Scene[] = [xhrStream, multipartStream, shortPoll, xDomainRequest];
