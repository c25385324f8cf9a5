import fastify from 'fastify';
import { expect, test } from 'vitest';
import { addCrossOrigin } from './cross-origin.js';

const friend = 'https://friend.example';

/** Sends one request from this origin. */
async function ask(method: 'GET' | 'OPTIONS', url: string, origin: string): Promise<Record<string, unknown>> {
  const app = fastify();
  addCrossOrigin(app, [friend, 'capacitor://localhost'], { preflightSeconds: 60 });
  app.get('/api/server', async () => ({}));
  app.get('/', async () => ({}));
  const { statusCode, headers } = await app.inject({ method, url, headers: { origin } });
  await app.close();
  return { status: statusCode, origin: headers['access-control-allow-origin'], vary: headers['vary'] };
}

test.each([friend, 'capacitor://localhost'])(
  'the allowed origin %s may read the REST interface and gets permission by preflight',
  async (origin) => {
    expect(await ask('GET', '/api/server', origin)).toEqual({ status: 200, origin, vary: 'Origin' });
    expect(await ask('OPTIONS', '/api/server', origin)).toEqual({ status: 204, origin, vary: 'Origin' });
  },
);

test.each(['https://friend.example.evil', 'http://friend.example', 'https://friend.example:444', 'null', ''])(
  'an origin %j that is not allowed gets no permission',
  async (origin) => {
    expect(await ask('GET', '/api/server', origin)).toEqual({ status: 200, origin: undefined, vary: 'Origin' });
    expect(await ask('OPTIONS', '/api/login', origin)).toMatchObject({ status: 404, origin: undefined });
  },
);

test('only the REST interface permits other origins', async () => {
  expect(await ask('GET', '/', friend)).toMatchObject({ status: 200, origin: undefined });
});
