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
});
