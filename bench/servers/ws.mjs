// `ws` as its documentation shows it: a set of sockets is the room, a map finds a user.
import { WebSocketServer } from 'ws';

const room = new Set();
const users = new Map();
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), backlog: 4096 }, () =>
  console.log('READY'),
);
server.on('connection', (socket, request) => {
  const [, role, id] = /^\/(\w+)\?id=(\w+)/.exec(request.url);
  socket.on('error', () => socket.terminate());
  if (role === 'sub') {
    room.add(socket);
    socket.on('close', () => room.delete(socket));
  } else if (role === 'pub') {
    socket.on('message', (data, binary) => {
      JSON.parse(data);
      for (const member of room) member.send(data, { binary });
    });
  } else {
    users.set(id, socket);
    socket.on('close', () => users.delete(id));
    socket.on('message', (data, binary) => users.get(JSON.parse(data).to)?.send(data, { binary }));
  }
});
