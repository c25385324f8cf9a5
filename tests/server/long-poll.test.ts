import { request as httpRequest } from 'node:http';
import type { WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandCounts, type Listening, listen, openByPost } from './hand-client.js';

let server: Listening;
afterEach(() => server.end());

/** A poll in flight. `leave` cuts its connection. */
interface Poll {
  readonly text: () => string;
  readonly done: () => boolean;
  leave(): void;
}

/** Starts one poll on a connection of its own. */
function poll(id: string, n: number): Poll {
  let text = '';
  let done = false;
  const request = httpRequest(`${server.base}/long-poll`, { method: 'POST', agent: false }, (answer) => {
    answer.on('data', (chunk) => {
      text += chunk;
    });
    answer.on('end', () => {
      done = true;
    });
  });
  request.on('error', () => undefined);
  request.end(JSON.stringify({ t: 'attach', id, n, instance: 1, ...new HandCounts().block }));
  return { text: () => text, done: () => done, leave: () => request.destroy() };
}

/** Opens a session with a poll that the server holds. */
async function parked(): Promise<{ readonly one: Poll; readonly session: WireSession; readonly id: string }> {
  const sessions: WireSession[] = [];
  server = await listen({ onSession: (session) => void sessions.push(session) });
  const id = await openByPost(server.base);
  const one = poll(id, 1);
  await eventually(() => sessions[0]?.transport === 'long-poll');
  return { one, session: sessions[0] as WireSession, id };
}

describe('long polling', () => {
  it('[TR-14.4] [TR-15.5] a long poll is held, and answered early with the first message', async () => {
    const { one, session } = await parked();
    // Held: a later request has been answered, and this one has not.
    expect((await fetch(`${server.base}/nothing`)).status).toBe(404);
    expect([one.done(), one.text()]).toEqual([false, '']);
    session.send('early');
    await eventually(one.done);
    expect(one.text().split('\n').slice(1)).toEqual(['"early"', '']);
    expect(session.transport).toBeNull();
  });

  it('[TR-15.5] a long poll is released immediately when its client disconnects, and later messages wait for the next', async () => {
    const { one, session, id } = await parked();
    one.leave();
    await eventually(() => session.transport === null);
    session.send('meanwhile');
    const next = poll(id, 2);
    await eventually(next.done);
    expect(next.text()).toContain('"meanwhile"');
    expect(one.text()).toBe('');
  });
});
