import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Connection } from './connection.js';
import { HttpAnswer } from './http-exchange.js';

// Tests `HttpAnswer`, by which the conformance suite reads the answers of the server under test. `whole` states whether
// the body is complete.

/** Returns the answer of a server that sends these bytes to every connection, then closes it. */
async function answerOf(bytes: string): Promise<HttpAnswer> {
  const server = createServer((socket) => socket.on('error', () => undefined).end(bytes)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = await Connection.open({ host: '127.0.0.1', port, encrypted: false });
  onTestFinished(() => {
    connection.cut();
    server.close();
  });
  await connection.untilEnded('the end');
  return HttpAnswer.read(connection);
}

const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

it('an answer decodes its chunks', async () => {
  const answer = await answerOf(`${chunked}3\r\none\r\n2\r\n, \r\n3\r\ntwo\r\n0\r\n\r\n`);
  expect([answer.body.bytes.toString(), answer.body.whole]).toEqual(['one, two', true]);
});

it.each(['\r\n', 'no length\r\n', '-5\r\nhello\r\n'])(
  'an answer ends at a chunk with the invalid length %j',
  async (wrong) => {
    const answer = await answerOf(`${chunked}3\r\none\r\n${wrong}`);
    expect([answer.body.bytes.toString(), answer.body.whole]).toEqual(['one', false]);
  },
);

it('an answer has no JSON if its body is not an object', async () => {
  for (const body of ['null', '5', '"text"', 'no json']) {
    const answer = await answerOf(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    expect(await answer.json(), body).toBeUndefined();
  }
});
