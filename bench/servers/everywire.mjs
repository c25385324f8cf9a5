// Everywire's own server with everything a session costs: counts, window, acknowledgements, heartbeats. The token says
// which part a connection plays, as the path does for the peers.
import { createServer } from 'node:http';
import { createWireServer } from '@everywire/server';

const users = new Map();
const http = createServer();
// What writes a profile writes it at an orderly end.
process.on('SIGINT', () => process.exit());
const wire = createWireServer({
  directSockets: process.env.EVERYWIRE_SOCKETS !== 'public',
  authenticate: ({ token }) => {
    const [role, subject] = token.split(':');
    return { subject, role };
  },
  jsonp: true,
  onSession: (session) => {
    const { role, subject } = session.claims;
    if (role === 'sub') session.join('room');
    else if (role === 'pub') {
      session.onMessage = (data) => {
        JSON.parse(data);
        wire.publish('room', data, { class: 'durable' });
      };
    } else {
      users.set(subject, session);
      session.onClose = () => users.delete(subject);
      session.onMessage = (data) => {
        users.get(JSON.parse(data).to)?.send(data);
      };
    }
  },
});
wire.attach(http);
http.listen(Number(process.argv[2]), '127.0.0.1', 4096, () => console.log('READY'));
