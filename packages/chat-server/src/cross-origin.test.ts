import fastify from 'fastify';
import { expect, test } from 'vitest';
import { addCrossOrigin } from './cross-origin.js';

const friend = 'https://friend.example';

async function ask(method: 'GET' | 'OPTIONS', url: string, origin: string): Promise<Record<string, unknown>> {
  const app = fastify();
  addCrossOrigin(app, [friend], { preflightSeconds: 60 });
  app.get('/api/server', async () => ({}));
  app.get('/', async () => ({}));
  const { statusCode, headers } = await app.inject({ method, url, headers: { origin } });
  await app.close();
  return { status: statusCode, origin: headers['access-control-allow-origin'], vary: headers['vary'] };
}

test('an origin that is named may read the REST interface, and is told so beforehand', async () => {
  expect(await ask('GET', '/api/server', friend)).toEqual({ status: 200, origin: friend, vary: 'Origin' });
  expect(await ask('OPTIONS', '/api/server', friend)).toEqual({ status: 204, origin: friend, vary: 'Origin' });
});

test.each(['https://friend.example.evil', 'http://friend.example', 'https://friend.example:444', 'null', ''])(
  'the origin %j gets nothing',
  async (origin) => {
    expect(await ask('GET', '/api/server', origin)).toEqual({ status: 200, origin: undefined, vary: 'Origin' });
    expect(await ask('OPTIONS', '/api/login', origin)).toMatchObject({ status: 404, origin: undefined });
  },
);

test('only the REST interface is opened', async () => {
  expect(await ask('GET', '/', friend)).toMatchObject({ status: 200, origin: undefined });
});
