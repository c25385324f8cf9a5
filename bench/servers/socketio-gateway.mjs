// The gateway in Socket.IO's place: its handlers are those of `socketio.mjs`.
import { createServer } from 'node:http';
import { createSocketIoGateway } from '@everywire/gateway-socketio';
import { createWireServer } from '@everywire/server';

const http = createServer();
// What writes a profile writes it at an orderly end.
process.on('SIGINT', () => process.exit());
const wire = createWireServer({
  limits: { rawLinksMax: 20_000, connectionsPerAddressMax: 20_000 },
  onSession: () => undefined,
});
wire.attach(http);
const io = createSocketIoGateway(wire, { pingInterval: 300_000, pingTimeout: 300_000 });
io.on('connection', (socket) => {
  const { role, id } = socket.handshake.query;
  if (role === 'sub') socket.join('room');
  else if (role === 'pub') socket.on('m', (message) => io.to('room').emit('m', message));
  else {
    socket.join(id);
    socket.on('m', (message) => io.to(message.to).emit('m', message));
  }
});
http.listen(Number(process.argv[2]), '127.0.0.1', 4096, () => console.log('READY'));
