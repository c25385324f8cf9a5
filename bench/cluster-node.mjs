/**
 * One node of `cluster.mjs`: a chat server over the shared database and a broker. Answers each message with the bytes
 * it has exchanged with services so far.
 */
import { Socket } from 'node:net';
import { createNatsBroker } from '@everywire/broker-nats';
import { createPostgresBroker } from '@everywire/broker-postgres';
import { createChatServer } from '@everywire/chat-server';
import { createPostgresStore } from '../packages/store-postgres/dist/index.js';

const { kind, url, natsUrl } = JSON.parse(process.argv[2]);
const opened = recordOutgoing();
const key = 'the key of all nodes in this measurement';
const brokers = {
  none: async () => undefined,
  postgres: () => createPostgresBroker({ url, key }),
  nats: () => createNatsBroker({ servers: natsUrl, key }),
};

const store = await createPostgresStore({
  url,
  onLimitsDiffer: (error) => {
    throw error;
  },
});
const broker = await brokers[kind]();
const server = await createChatServer({
  place: { name: 'bench', runBy: '', registration: 'closed', version: '0' },
  ...{ store, accounts: store },
  ...(broker !== undefined && { broker }),
  log: { debug: () => undefined, info: () => undefined, warn: console.error, error: console.error },
  // All connections come from one address here; nothing else differs from what is shipped.
  wire: { limits: { silentPerAddressMax: 100_000, unconfirmedPerAddressMax: 100_000 } },
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });

process.on('message', () => {
  process.send({ bytes: opened.reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0) });
});
process.on('SIGINT', () => process.exit());
process.send({ port });

/**
 * Returns the connections that this process opens from now on: those to the database and to the broker's service, as
 * people connect from outside.
 */
function recordOutgoing() {
  const sockets = [];
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function connectRecorded(...words) {
    sockets.push(this);
    return Reflect.apply(connect, this, words);
  };
  return sockets;
}
