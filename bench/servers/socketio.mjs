// Socket.IO as its documentation shows it: rooms, and `io.to(room).emit`.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { pingInterval: 300_000, pingTimeout: 300_000, serveClient: false });
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
