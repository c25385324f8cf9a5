import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { listen } from './listen.mjs';

/**
 * Uses its own reconnection. By default the client keeps events emitted while disconnected. Acknowledges messages on
 * request.
 */
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
