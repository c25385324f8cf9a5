import type { Status } from '@everywire/client';
import { afterEach, describe, expect, it } from 'vitest';
import { PathTalk } from './path-talk.js';

let talk: PathTalk;
afterEach(() => talk.stop());

const attemptsOf = (status: Status): readonly object[] => ('attempts' in status ? status.attempts : []);
const movesOf = (): readonly object[] => talk.server.explain()[0]!.moves;

describe('who runs the server asks why a session has its transport', () => {
  it('[SN-48.1] [SN-48.2] [SN-48.3] and hears what the client tried before', async () => {
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

  it('and hears nothing of one that is where it began, until it moves', async () => {
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

describe('an attempt says what was answered in its place', () => {
  it('by an answer to a request, with its code', async () => {
    const refused = (): Response => Response.json({ code: 'no_streams', text: 'Not here.' }, { status: 403 });
    const asks: typeof fetch = async (url, init) => (`${url}`.endsWith('/fetch-stream') ? refused() : fetch(url, init));
    talk = await PathTalk.start({}, { transports: ['fetch-stream', 'long-poll'], fetch: asks });
    await talk.until(() => talk.client.transport === 'long-poll');
    const facts = { transport: 'fetch-stream', reason: 'refused', status: 403, code: 'no_streams' };
    expect(attemptsOf(talk.client.status)[0]).toMatchObject(facts);
  });

  it('by the code of the network, where nothing was answered', async () => {
    talk = await PathTalk.start({}, { transports: ['websocket'] });
    await talk.path.close();
    await talk.until(() => attemptsOf(talk.client.status).some((one) => 'code' in one && one.code === 'ECONNREFUSED'));
  });
});
