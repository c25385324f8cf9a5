import { request } from 'node:http';
import { hostname } from 'node:os';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type LabServer, startLab } from './lab-server.js';
import { Lane } from './lane.js';

let lab: LabServer;

beforeEach(async () => {
  lab = await startLab({ port: 0, host: '127.0.0.1', files: new Map([['lab.js', 'text']]) });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await lab.close();
});

/** Sends a request with this host name. Returns the status. */
function ask(name: string, path: string, method = 'GET'): Promise<number | undefined> {
  const host = `${name}:${lab.port}`;
  return new Promise((resolve, reject) => {
    const headers = { host, ...(method === 'POST' && { origin: `http://${host}` }) };
    request({ host: '127.0.0.1', port: lab.port, path, method, headers }, (response) => {
      resolve(response.statusCode);
      response.destroy();
    })
      .on('error', reject)
      .end();
  });
}

it('the lab answers under the names of this machine, and not under a foreign name that points to it', async () => {
  for (const path of ['/', '/lab.js', '/events']) {
    for (const name of ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST', hostname()])
      expect(await ask(name, path), name).toBe(200);
    expect(await ask('rebound.example', path)).toBe(421);
  }
  expect(await ask('localhost', '/lanes/websocket/cut', 'POST')).toBe(204);
  expect(await ask('rebound.example', '/lanes/websocket/cut', 'POST')).toBe(421);
});

it('the lab reports that the server of a lane cannot restart, and continues to serve', async () => {
  vi.spyOn(Lane.prototype, 'happen').mockRejectedValueOnce(new Error('listen EADDRINUSE'));
  expect(await ask('localhost', '/lanes/websocket/kill', 'POST')).toBe(503);
  expect(await ask('localhost', '/lanes/websocket/kill', 'POST')).toBe(204);
});
