import type { Status } from '@everywire/client';
import { afterEach, describe, expect, it } from 'vitest';
import { PathTalk } from './path-talk.js';

let talk: PathTalk;
afterEach(() => talk.stop());

const attemptsOf = (status: Status): readonly object[] => ('attempts' in status ? status.attempts : []);
const movesOf = (): readonly object[] => talk.server.explain()[0]!.moves;

describe('why a session has its transport', () => {
  it("[SN-48.1] [SN-48.2] [SN-48.3] the server explains a session's transport by the client's earlier attempts", async () => {
    talk = await PathTalk.start({ webSocket: 'refused', responses: 'buffered' });
    talk.client.send('first');
    await talk.until(() => talk.client.transport === 'long-poll');
    await talk.until(() => movesOf().length > 0);
    const websocket = { transport: 'websocket', reason: 'refused', status: 403 };
    expect(talk.server.explain((claims) => claims.subject === 'nobody')).toEqual([]);
    const [path] = talk.server.explain();
    expect(path!.session).toBe(talk.session);
    expect(path!.moves[0]).toMatchObject({ from: null, tried: [websocket] });
    expect(path!.moves.at(-1)!.to).toBe('long-poll');
    expect(attemptsOf(talk.client.status)[0]).toMatchObject(websocket);
  });

  it('the server explains no transport that has not changed, until it does', async () => {
    talk = await PathTalk.start({});
    talk.client.send('by WebSocket');
    await talk.until(() => talk.up.length === 1);
    expect(movesOf()).toEqual([]);
    talk.client.use('long-poll');
    await talk.until(() => talk.client.transport === 'long-poll');
    talk.client.send('by poll');
    await talk.until(() => talk.up.length === 2);
    expect(movesOf()).toMatchObject([{ from: 'websocket', to: 'long-poll', tried: [] }]);
  });
});

describe('the answer to a failed attempt', () => {
  it('a failed attempt has the status and code of the answer', async () => {
    const refused = (): Response => Response.json({ code: 'no_streams', text: 'Not here.' }, { status: 403 });
    const asks: typeof fetch = async (url, init) => (`${url}`.endsWith('/fetch-stream') ? refused() : fetch(url, init));
    talk = await PathTalk.start({}, { transports: ['fetch-stream', 'long-poll'], fetch: asks });
    await talk.until(() => talk.client.transport === 'long-poll');
    const facts = { transport: 'fetch-stream', reason: 'refused', status: 403, code: 'no_streams' };
    expect(attemptsOf(talk.client.status)[0]).toMatchObject(facts);
  });

  it("a failed attempt has the network's error code if there was no answer", async () => {
    talk = await PathTalk.start({}, { transports: ['websocket'] });
    await talk.path.close();
    await talk.until(() => attemptsOf(talk.client.status).some((one) => 'code' in one && one.code === 'ECONNREFUSED'));
  });
});
