import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it, vi } from 'vitest';
import { guardRoutes } from './guard-routes.js';

const routes = { onRequest: vi.fn(), onUpgrade: vi.fn() };

it('[TR-7.4] [TR-7.6] a refused request head gets an answer that varies by origin and allows none', () => {
  const guarded = guardRoutes(
    routes,
    { limits: { urlBytesMax: 100, headersMax: 10 }, allowsHost: () => false },
    vi.fn(),
  );
  const headersOf = (headers: object): object => {
    const request = Object.assign(new EventEmitter(), {
      headers,
      rawHeaders: [],
      url: '/',
      socket: Object.assign(new EventEmitter(), { destroy: vi.fn() }),
      resume: vi.fn(),
      pause: vi.fn(),
    });
    const response = Object.assign(new EventEmitter(), { writeHead: vi.fn(), end: vi.fn() });
    guarded.onRequest(request as unknown as IncomingMessage, response as unknown as ServerResponse, 'open');
    const [status, responseHeaders] = response.writeHead.mock.calls[0] as [number, object];
    expect([status, Object.keys(responseHeaders)]).toEqual([
      421,
      expect.not.arrayContaining(['access-control-allow-origin']),
    ]);
    return responseHeaders;
  };
  expect(headersOf({ origin: 'https://other.example' })).toMatchObject({ vary: 'Origin' });
  expect(headersOf({})).not.toHaveProperty('vary');
  expect(routes.onRequest).not.toHaveBeenCalled();
});
