import { afterEach, describe, expect, it } from 'vitest';
import { HandCounts, type Listening, listen, openByPost } from './hand-client.js';

let server: Listening;
afterEach(() => server.end());

/** Sends a request and returns its status and body. */
async function ask(
  name: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<readonly [number, string]> {
  const answer = await fetch(`${server.base}/${name}`, { method: 'POST', body, headers });
  return [answer.status, await answer.text()];
}

describe('transports that read no status', () => {
  it('[TR-28.1] every error is a line with a record and status 200', async () => {
    server = await listen({ limits: { smallBodyBytesMax: 500, bodyBytesMax: 70_000 } });
    const error = (code: string): unknown =>
      expect.stringMatching(new RegExp(`^{"t":"error","code":"${code}","text":".+"}\n$`));
    for (const name of ['xdr-open', 'xdr-up', 'xdr-stream', 'xdr-poll']) {
      expect(await ask(name, 'nonsense')).toEqual([200, error('malformed')]);
      expect(await ask(name, '{"t":"pong"}')).toEqual([200, error('malformed')]);
      expect(await ask(name, ' '.repeat(80_000))).toEqual([200, error('body_too_large')]);
    }
    const attach = { t: 'attach', id: await openByPost(server.base), n: 1, instance: 1, ...new HandCounts().block };
    expect(await ask('xdr-stream', JSON.stringify({ ...attach, first: 1, count: 5 }))).toEqual([
      200,
      error('malformed'),
    ]);
  });

  it('[TR-28.2] the records of XDomainRequest are the same, one per line', async () => {
    server = await listen();
    const [status, opened] = await ask('xdr-open', '{"t":"open","version":2,"nonce":"one of a test, once"}');
    expect([status, JSON.parse(opened).t, opened.endsWith('}\n')]).toEqual([200, 'opened', true]);
    const attach = {
      t: 'attach',
      id: JSON.parse(opened).id,
      n: 1,
      instance: 1,
      prompt: true,
      ...new HandCounts().block,
    };
    expect((await ask('xdr-poll', JSON.stringify(attach)))[1]).toMatch(/^{"t":"attached".*}\n$/);
    const body = {
      t: 'body',
      id: attach.id,
      n: 1,
      instance: 1,
      first: 1,
      count: 1,
      m: ['a'],
      ...new HandCounts().block,
    };
    expect((await ask('xdr-up', JSON.stringify(body)))[1]).toMatch(/^{"t":"answer".*}\n$/);
  });

  it('[TR-7.3] [TR-28.4] a page of an origin that is not allowed gets a status on every endpoint, which it cannot read anyway', async () => {
    server = await listen();
    expect((await ask('xdr-open', '{}', { origin: 'http://other.test' }))[0]).toBe(403);
  });
});
