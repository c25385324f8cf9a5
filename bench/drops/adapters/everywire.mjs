import { createServer } from 'node:http';
import { createWireClient } from '@everywire/client';
import { createWireServer } from '@everywire/server';
import { listen } from './listen.mjs';

/** @param transport the only transport to use, or `null` to let the client choose */
export function everywire(transport) {
  return {
    packages: ['@everywire/server', '@everywire/client'],
    startServer: async ({ onMessage }) => {
      const http = createServer();
      const wire = createWireServer({
        onSession: (session) => {
          session.join('all');
          session.onMessage = (data) => onMessage(Number(data));
        },
      });
      wire.attach(http);
      return { port: await listen(http), push: (number) => wire.publish('all', String(number), { class: 'durable' }) };
    },
    connect: (url, on) => connect(url, transport, on),
  };
}

function connect(url, transport, { onMessage, onConnect, onDisconnect }) {
  const client = createWireClient(`${url}/everywire`, transport ? { transports: [transport] } : {});
  const used = [];
  let failures = [];
  let open = false;
  let verdict = null;
  client.onmessage = ({ data }) => onMessage(Number(data));
  client.onclose = ({ reason }) => {
    verdict = reason;
  };
  client.addEventListener('statuschange', () => {
    const { status } = client;
    if (used.at(-1) !== client.transport && client.transport) used.push(client.transport);
    failures = status.attempts ?? failures;
    if (open === (status.state === 'open')) return;
    open = !open;
    if (open) onConnect();
    else onDisconnect();
  });
  return {
    send: (number) => client.send(String(number)),
    waiting: () => client.bufferedAmount,
    notes: () => ({ used, verdict, failures: failures.map(({ transport: name, reason }) => `${name} ${reason}`) }),
  };
}
