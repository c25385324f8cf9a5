// sockjs-node has no rooms; its documented way is a loop over connections.
import { createServer } from 'node:http';
import sockjs from 'sockjs';

const http = createServer();
const room = new Set();
const users = new Map();
const options = { log: () => {}, heartbeat_delay: 300_000 };
const handlers = {
  '/sub': (connection) => {
    room.add(connection);
    connection.on('close', () => room.delete(connection));
  },
  '/pub': (connection) =>
    connection.on('data', (data) => {
      JSON.parse(data);
      for (const member of room) member.write(data);
    }),
  '/relay': (connection) => {
    const id = connection.pathname.split('/')[3];
    users.set(id, connection);
    connection.on('close', () => users.delete(id));
    connection.on('data', (data) => users.get(JSON.parse(data).to)?.write(data));
  },
};
for (const [prefix, onConnection] of Object.entries(handlers)) {
  const server = sockjs.createServer(options);
  server.on('connection', onConnection);
  server.installHandlers(http, { prefix });
}
http.listen(Number(process.argv[2]), '127.0.0.1', 4096, () => console.log('READY'));
