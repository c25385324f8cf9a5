import type { PolicyAction, PolicyAnswer } from '@everywire/server';
import { afterEach, expect, it } from 'vitest';
import { heard, SocketIoServer } from './socketio-server.js';

// Tests the policy of the wire server for clients of the Socket.IO gateway, by the published client.

let server: SocketIoServer;
afterEach(() => server.close());

/** Starts a server that refuses the namespace `/admin` and every event that holds the word `bad`. */
async function start(asked: PolicyAction[] = []): Promise<void> {
  const policy = (_: unknown, action: PolicyAction): PolicyAnswer => {
    asked.push(action);
    if (action.kind === 'join') return action.topic !== 'socket.io:/admin' || 'not_yours';
    return action.kind !== 'message' || !String(action.data).includes('bad') || 'read_only';
  };
  server = await new SocketIoServer({}, { policy }).listen();
}

it('a namespace that the policy refuses is a `connect_error` with its code', async () => {
  await start();
  const entered: string[] = [];
  for (const name of ['/', '/admin']) server.io.of(name).on('connection', () => entered.push(name));
  await expect(heard(server.client({}, '/admin'), 'connect_error')).resolves.toMatchObject({ message: 'not_yours' });
  await heard(server.client(), 'connect');
  expect(entered).toEqual(['/']);
});

it('the policy gets an event as the text of a topic, and refuses it with its acknowledgement or a notice', async () => {
  const asked: PolicyAction[] = [];
  await start(asked);
  const handled: unknown[] = [];
  server.io.on('connection', (socket) => {
    socket.on('write', (value: unknown, done?: (answer: string) => void) => {
      handled.push(value);
      done?.('done');
    });
  });
  const client = server.client();
  expect(await client.emitWithAck('write', 'bad')).toEqual({ error: 'read_only' });
  client.emit('write', 'bad');
  expect(await client.emitWithAck('write', Buffer.from('a'))).toBe('done');
  expect(handled).toEqual([Uint8Array.of(97)]);
  expect(server.notices).toEqual(['policy_refused']);
  const texts = ['["write","bad"]', '["write","bad"]', '["write",{"_base64":"YQ=="}]'];
  expect(asked).toEqual([{ kind: 'join', topic: 'socket.io:/' }, ...texts.map((data) => ({ kind: 'message', data }))]);
});

it('an event that is nested too deeply for the policy is refused, and the next one is handled', async () => {
  await start();
  const handled: unknown[] = [];
  server.io.on('connection', (socket) => socket.on('write', (value: unknown) => handled.push(value)));
  const client = server.client({ transports: ['websocket'] });
  await heard(client, 'connect');
  // The client's own encoder cannot write it either.
  (client.io.engine as unknown as { write(text: string): void }).write(
    `2["write",${'['.repeat(30_000)}${']'.repeat(30_000)}]`,
  );
  client.emit('write', 'next');
  await expect.poll(() => handled).toContain('next');
  expect(handled).toEqual(['next']);
});
