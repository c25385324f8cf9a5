import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { listen } from './listen.mjs';

/** Milliseconds after which naive code connects again, whatever happened. */
const AGAIN_MS = 1000;
/** The heartbeat of its README: the server pings, the client gives up when none came for a while. */
const PING_MS = 30_000;
const PING_LATE_MS = 31_000;

/** What is sent while the socket is not open is dropped, as naive code does. */
export const naiveWebSocket = {
  packages: ['ws'],
  startServer: async ({ onMessage }) => {
    const http = createServer();
    const server = new WebSocketServer({ server: http });
    const alive = new WeakSet();
    server.on('connection', (socket) => {
      alive.add(socket);
      socket.on('error', () => undefined);
      socket.on('pong', () => alive.add(socket));
      socket.on('message', (data) => onMessage(Number(data)));
    });
    setInterval(() => {
      for (const socket of server.clients) {
        if (alive.delete(socket)) socket.ping();
        else socket.terminate();
      }
    }, PING_MS).unref();
    const push = (number) => {
      for (const socket of server.clients) if (socket.readyState === WebSocket.OPEN) socket.send(String(number));
    };
    return { port: await listen(http), push };
  },
  connect: (url, on) => {
    let socket;
    const open = () => {
      socket = openSocket(url, on);
      socket.on('close', () => setTimeout(open, AGAIN_MS));
    };
    open();
    return {
      send: (number) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(String(number));
      },
    };
  },
};

function openSocket(url, { onMessage, onConnect, onDisconnect }) {
  const socket = new WebSocket(url.replace('http', 'ws'));
  let timer;
  const heartbeat = () => {
    clearTimeout(timer);
    timer = setTimeout(() => socket.terminate(), PING_LATE_MS);
  };
  socket.on('open', () => {
    heartbeat();
    onConnect();
    socket.on('close', onDisconnect);
  });
  socket.on('ping', heartbeat);
  socket.on('message', (data) => onMessage(Number(data)));
  socket.on('error', () => undefined);
  socket.on('close', () => clearTimeout(timer));
  return socket;
}
