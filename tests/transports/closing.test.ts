import { afterEach, describe, expect, it } from 'vitest';
import { Dialogue, transportNames, until } from './dialogue.js';

let dialogue: Dialogue;

afterEach(() => dialogue.stop());

describe.each(transportNames)('%s', (transport) => {
  it('[TR-20.2] [TR-20.6] close of the server delivers the last message and its verdict to an idle client', async () => {
    dialogue = await Dialogue.start();
    const [client, session] = await dialogue.pair(transport);
    const heard: unknown[] = [];
    client.onmessage = ({ data }) => heard.push(data);
    client.onclose = ({ code, reason, wasClean }) => heard.push([code, reason, wasClean]);
    session.send('the server restarts');
    await dialogue.wire.close({ deadlineMs: 30_000 });
    await until(() => heard.length > 1);
    expect(heard).toEqual(['the server restarts', [4504, 'shutdown', true]]);
  });

  it('[SN-4.18] a client that closes before its session is open ends at once, also if nothing answers', async () => {
    dialogue = await Dialogue.start();
    dialogue.proxy.inject({ kind: 'silence' });
    const heard: unknown[] = [];
    const closeAfter = async (connecting: boolean): Promise<void> => {
      const client = dialogue.client(transport);
      client.onclose = ({ code, reason, wasClean }) => heard.push([code, reason, wasClean]);
      if (connecting) await until(() => dialogue.proxy.counters.silencedBytes > 0);
      client.close(1000, 'unmounted');
      await new Promise((done) => client.addEventListener('close', done));
    };
    const begun = performance.now();
    await closeAfter(false);
    await closeAfter(true);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(heard).toEqual([
      [1000, 'unmounted', true],
      [1000, 'unmounted', true],
    ]);
  });

  it('[SN-4.18] a component that is mounted, removed and mounted again has one session', async () => {
    dialogue = await Dialogue.start({
      onSession: (session) => {
        session.onMessage = () => undefined;
      },
    });
    dialogue.client(transport).close();
    const client = dialogue.client(transport);
    await until(() => client.readyState === 1);
    await client.send('all others would be here by now', { until: 'peer' });
    expect(dialogue.sessions.length).toBe(1);
  });
});
