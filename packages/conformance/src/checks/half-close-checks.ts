import { type Check, check } from '../check.js';
import type { Examiner } from '../examiner.js';
import { HttpAnswer, type RequestParts, requestBytes } from '../http-exchange.js';
import { expectEqual, expectThat } from '../mismatch.js';

/** Sends one request, then shuts down the client's writing side. */
async function requestAndShutDown(x: Examiner, parts: RequestParts): Promise<HttpAnswer> {
  const connection = await x.connect();
  connection.write(requestBytes(x.target, parts));
  connection.endWriting();
  return HttpAnswer.read(
    connection,
    `an answer to ${parts.method} ${parts.name} of a client that shut down its writing side`,
  );
}

async function textOf(x: Examiner, name: string, body: unknown): Promise<string> {
  return (await (await requestAndShutDown(x, { method: 'POST', name, body })).whole()).toString();
}

/** Checks of TR-48: clients that shut down their writing side after a request, as `nc -N` and some devices do. */
export const halfCloseChecks: readonly Check[] = [
  check('[TR-48.1] answers a request whose client has shut down its writing side', async (x) => {
    const opened = await textOf(x, 'open', x.openRecord());
    expectThat('the answer to open', opened.includes('"t":"opened"'), 'opened', opened);
    const session = await x.open();
    const up = await textOf(x, 'up', session.bodyRecord(['one']));
    expectThat('the answer to a body', up.includes('"received":1'), 'received 1', up);
    const prompt = await textOf(x, 'long-poll', session.attachRecord({ prompt: true }));
    expectThat('the answer to a prompt poll', prompt.includes('"one"'), 'the message', prompt);
    const nowhere = await requestAndShutDown(x, { method: 'GET', name: 'nowhere' });
    expectEqual(
      'the status of an unknown name',
      [nowhere.status, (await nowhere.json())?.['code']],
      [404, 'not_found'],
    );
    expectEqual('the session', (await session.up())['received'], 1);
  }),
  check(
    '[TR-48.2] answers a held poll, and ends a stream after a whole item, when the client shuts down its writing side',
    async (x) => {
      const session = await x.open();
      await session.up();
      const held = await textOf(x, 'long-poll', session.attachRecord());
      expectThat('the answer to a held poll', /^\{"t":"attached".*\}\n$/.test(held), 'only attached', held);
      const stream = await textOf(x, 'event-stream', session.attachRecord());
      expectThat('a stream', /^data: \{"t":"attached".*\n\n$/s.test(stream), 'whole events', stream);
      expectEqual('the session', (await session.up(['alive']))['received'], 1);
    },
  ),
];
