import { createSocketIoGateway } from '@everywire/gateway-socketio';
import { createSockJsGateway } from '@everywire/gateway-sockjs';
import { createWireServer } from '@everywire/server';
import { expect, it } from 'vitest';

// Tests that the gateways refuse unknown names of options, and say what replaces those of the libraries they stand for.

const wire = (): ReturnType<typeof createWireServer> => createWireServer({ onSession: () => undefined });
const socketIo = (options: object) => (): unknown => createSocketIoGateway(wire(), options);
const sockJs = (options: object) => (): unknown =>
  createSockJsGateway(wire(), { path: '/a', onConnection: () => undefined, ...options });

it.each([
  [{ pingTimout: 1 }, 'pingTimout: is not an option; did you mean pingTimeout?'],
  [{ cors: { origin: '*' } }, 'cors: is not an option here; name the origins of your pages in `origins`'],
  [{ allowEIO3: true }, 'use socket.io-client 3 or 4'],
  [{ adapter: () => undefined }, 'give createWireServer a `broker`'],
  [{ connectTimeout: 1 }, 'set `limits.unattachedMs` of createWireServer'],
  [{ connectionStateRecovery: { skipMiddlewares: true } }, 'connectionStateRecovery.skipMiddlewares: is not'],
  [
    { connectionStateRecovery: { maxDisconnection: 1 } },
    'did you mean connectionStateRecovery.maxDisconnectionDuration?',
  ],
])('createSocketIoGateway refuses %o', (options, text) => {
  expect(socketIo(options)).toThrow(TypeError);
  expect(socketIo(options)).toThrow(text);
});

it.each([
  [{ heartbeat: 1 }, 'heartbeat: is not an option; did you mean heartbeatMs?'],
  [{ sockjs_url: '/a.js' }, 'sockjs_url: is not an option here; use `clientUrl`'],
])('createSockJsGateway refuses %o', (options, text) => {
  expect(sockJs(options)).toThrow(TypeError);
  expect(sockJs(options)).toThrow(text);
});

it('an option of a gateway that is undefined counts as absent', () => {
  expect(socketIo({ path: undefined, cors: undefined, connectionStateRecovery: undefined })).not.toThrow();
  expect(sockJs({ heartbeatMs: undefined, disconnectMs: undefined, nonsense: undefined })).not.toThrow();
});

it.each([0, -1, Number.NaN, '5'])('createSockJsGateway refuses an `answerBytesMax` of %o', (answerBytesMax) => {
  expect(sockJs({ answerBytesMax })).toThrow(RangeError);
});
