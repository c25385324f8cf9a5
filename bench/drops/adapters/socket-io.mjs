import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { listen } from './listen.mjs';

/** Its own reconnection; what is emitted while disconnected is kept by the client, its default. Every message is acknowledged where asked. */
export function socketIo({ server: serverOptions = {}, client: clientOptions = {} } = {}) {
  return {
    packages: ['socket.io', 'socket.io-client', 'engine.io', 'engine.io-client'],
    startServer: async ({ onMessage }) => {
      const http = createServer();
      const server = new Server(http, serverOptions);
      server.on('connection', (socket) => {
        socket.on('up', (number, acknowledge) => {
          onMessage(number);
          acknowledge?.();
        });
      });
      return { port: await listen(http), push: (number) => server.emit('down', number) };
    },
    connect: (url, { onMessage, onConnect, onDisconnect }) => {
      let recovered = 0;
      const socket = io(url, clientOptions);
      socket.on('connect', () => {
        if (socket.recovered) recovered += 1;
        onConnect();
      });
      socket.on('disconnect', onDisconnect);
      socket.on('down', onMessage);
      return {
        send: (number) => socket.emit('up', number),
        waiting: () => Math.max(socket.sendBuffer.length, socket._queue.length),
        notes: () => ({ recovered }),
      };
    },
  };
}
