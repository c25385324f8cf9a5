// Bun's own server (uWebSockets inside) as its documentation shows it: `publish` for a room, a map finds a user. Run by
// `bun`.
const users = new Map();
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.argv[2]),
  fetch(request, self) {
    const { pathname, searchParams } = new URL(request.url);
    if (self.upgrade(request, { data: { role: pathname.slice(1), id: searchParams.get('id') } })) return undefined;
    return new Response('not a WebSocket', { status: 400 });
  },
  websocket: {
    idleTimeout: 0,
    perMessageDeflate: false,
    open(socket) {
      const { role, id } = socket.data;
      if (role === 'sub') socket.subscribe('room');
      else if (role === 'relay') users.set(id, socket);
    },
    message(socket, data) {
      const message = JSON.parse(data);
      if (socket.data.role === 'pub') server.publish('room', data);
      else users.get(message.to)?.send(data);
    },
    close(socket) {
      users.delete(socket.data.id);
    },
  },
});
console.log('READY');
