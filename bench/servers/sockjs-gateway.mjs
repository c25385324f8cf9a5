// The gateway in sockjs-node's place. A user's name stands in the address, where sockjs-node's server finds it too.
import { createServer } from 'node:http';
import { createSockJsGateway } from '@everywire/gateway-sockjs';
import { createWireServer } from '@everywire/server';

const http = createServer();
const users = new Map();
// What writes a profile writes it at an orderly end.
process.on('SIGINT', () => process.exit());
const wire = createWireServer({
  limits: { rawLinksMax: 20_000, connectionsPerAddressMax: 20_000 },
  authenticate: ({ token }) => ({ subject: token }),
  onSession: () => undefined,
});
wire.attach(http);
const services = {
  '/sub': (connection) => connection.join('room'),
  '/pub': (connection) => {
    connection.onMessage = (text) => {
      JSON.parse(text);
      wire.publish('room', text);
    };
  },
  '/relay': (connection) => {
    const { subject } = connection.claims;
    users.set(subject, connection);
    connection.onClose = () => users.delete(subject);
    connection.onMessage = (text) => {
      users.get(JSON.parse(text).to)?.send(text);
    };
  },
};
for (const [path, onConnection] of Object.entries(services)) {
  const tokenOf = (request) => request.url.split('/')[3];
  createSockJsGateway(wire, { path, onConnection, tokenOf, jsonp: true, heartbeatMs: 300_000 });
}
http.listen(Number(process.argv[2]), '127.0.0.1', 4096, () => console.log('READY'));
