import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { TestPlace } from './test-place.js';

// A page of another site can reach a local server under a host name of its own (DNS rebinding). The server must refuse
// requests to host names that are not its own.

let place: TestPlace;
afterEach(() => place.stop());

const registration = JSON.stringify({ name: 'rebound', password: 'correct horse' });

/** Sends a request with this host name, as a page of that origin. Returns status and code of the answer. */
async function ask(method: string, path: string, host: string, body = '', headers: object = {}): Promise<string> {
  const origin = `http://${host}`;
  const all = { host, origin, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...headers };
  const outgoing = request(place.url + path, { method, headers: all, agent: false }).end(body);
  const answered = once(outgoing, 'response').then(([response]) => response);
  const upgraded = once(outgoing, 'upgrade').then(([response, socket]) => {
    socket.destroy();
    return response;
  });
  const response = await Promise.race([answered, upgraded]);
  if (response.statusCode === 101) return '101';
  let text = '';
  for await (const chunk of response) text += chunk;
  const code = /"code":\s*"(\w+)"/.exec(text)?.[1] ?? '';
  return `${response.statusCode} ${code}`.trim();
}

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol': 'everywire.2',
};

test('a page that points its own host name to the server can use neither REST nor a transport', async () => {
  place = await TestPlace.start({ wire: { hosts: ['chat.example.org'] } });
  for (const host of ['evil.example', 'evil.example:8080', 'chat.example.org.evil.example']) {
    expect(await ask('POST', '/api/register', host, registration)).toBe('421 host_unknown');
    expect(await ask('GET', '/api/server', host)).toBe('421 host_unknown');
    expect(await ask('GET', '/api/openapi.json', host)).toBe('421 host_unknown');
    expect(await ask('POST', '/everywire/open', host, '{"t":"open"}')).toBe('421 host_unknown');
    expect(await ask('GET', '/everywire/websocket', host, '', upgrade)).toBe('421 host_unknown');
  }
});

test('a refused WebSocket gets the reason phrase', async () => {
  place = await TestPlace.start({ wire: { hosts: ['chat.example.org'] } });
  const headers = { host: 'evil.example', ...upgrade };
  const asked = request(`${place.url}/everywire/websocket`, { headers, agent: false }).end();
  const [response] = await once(asked, 'response');
  expect([response.statusCode, response.statusMessage]).toEqual([421, 'Misdirected Request']);
  response.resume();
});

test.each([
  'chat.example.org',
  'CHAT.example.org:8080',
  '192.168.1.5:8080',
  '[::1]:8080',
  'localhost:8080',
  'everywire',
])('requests for the host %s are served', async (host) => {
  place = await TestPlace.start({ wire: { hosts: ['chat.example.org'] } });
  expect(await ask('GET', '/api/server', host)).toBe('200');
  expect(await ask('POST', '/api/register', host, registration)).toBe('201');
  expect(await ask('GET', '/everywire/websocket', host.toLowerCase(), '', upgrade)).toBe('101');
});

test('health checks are answered for any host name', async () => {
  place = await TestPlace.start({ wire: { hosts: ['chat.example.org'] } });
  expect(await ask('GET', '/healthz', 'pool-7.balancer.example')).toBe('200');
  expect(await ask('GET', '/readyz', 'pool-7.balancer.example')).toBe('200');
});

test('a trusted proxy may use its own host name, and without configured names every host is served', async () => {
  place = await TestPlace.start({ wire: { hosts: ['chat.example.org'] }, trustedProxies: ['127.0.0.1'] });
  expect(await ask('GET', '/api/server', 'backend.example.net')).toBe('200');
  await place.stop();
  place = await TestPlace.start();
  expect(await ask('GET', '/api/server', 'chat.example.net')).toBe('200');
});
