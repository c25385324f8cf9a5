import { createServer } from 'node:http';
import sockjs from 'sockjs';
import SockJS from 'sockjs-client';
import { listen } from './listen.mjs';

/** The reconnection delay of the application, ms; the README of SockJS leaves reconnection to the application. */
const AGAIN_MS = 1000;

/** @param transports those it may use; all of them by default. What is sent while it is not open is dropped. */
export function sockJs(transports) {
  return {
    packages: ['sockjs', 'sockjs-client'],
    startServer: async ({ onMessage }) => {
      const http = createServer();
      const connections = new Set();
      const server = sockjs.createServer({ log: () => undefined });
      server.on('connection', (connection) => {
        if (!connection) return;
        connections.add(connection);
        connection.on('data', (text) => onMessage(Number(text)));
        connection.on('close', () => connections.delete(connection));
      });
      server.installHandlers(http, { prefix: '/sockjs' });
      const push = (number) => {
        for (const connection of connections) connection.write(String(number));
      };
      return { port: await listen(http), push };
    },
    connect: (url, { onMessage, onConnect, onDisconnect }) => {
      let socket;
      const open = () => {
        let opened = false;
        socket = new SockJS(`${url}/sockjs`, null, transports ? { transports } : {});
        socket.onopen = () => {
          opened = true;
          onConnect();
        };
        socket.onmessage = ({ data }) => onMessage(Number(data));
        socket.onclose = () => {
          if (opened) onDisconnect();
          setTimeout(open, AGAIN_MS);
        };
      };
      open();
      return {
        send: (number) => {
          if (socket.readyState === SockJS.OPEN) socket.send(String(number));
        },
        notes: () => ({ transport: socket.transport }),
      };
    },
  };
}
