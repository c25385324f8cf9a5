import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestAuthority } from '@everywire/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { laneTags } from './rows.js';
import { StartTarget } from './start-target.js';

/** The start of a TLS record that announces a ClientHello of 512 bytes. */
const HALF_HELLO = Buffer.from('160301020001000001fc0303', 'hex');
/** Two addresses with this many connections exceed the 1,024 files that the process may open. */
const EACH = 600;

const authority = createTestAuthority();
const directory = mkdtempSync(join(tmpdir(), 'everywire-handshakes-'));
let target: StartTarget;
beforeAll(async () => {
  const { cert, key } = authority.issue();
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  target = await StartTarget.start({
    EVERYWIRE_TLS_CERT: certFile,
    EVERYWIRE_TLS_KEY: keyFile,
    EVERYWIRE_TCP_PORT: '0',
    EVERYWIRE_LOG: 'info',
  });
}, 180_000);
afterAll(async () => {
  await target.end();
  authority.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('a stranger who leaves TLS handshakes on raw TCP unfinished', () => {
  const name =
    '[W37] a stranger with unfinished TLS handshakes from two addresses is disconnected, and a third address is served';
  it(name, { tags: laneTags(name), timeout: 120_000 }, async () => {
    expect(await health()).toBe(200);
    const before = await target.state();
    const closed: Promise<void>[] = [];
    for (const localAddress of ['127.0.0.2', '127.0.0.3'])
      for (let i = 0; i < EACH; i++) closed.push(unfinished(localAddress));
    await Promise.all(closed);
    expect(await health()).toBe(200);
    const after = await target.state();
    expect(after.pid).toBe(before.pid);
    expect(after.errors).toEqual([]);
    expect(after.files).toBeLessThan(before.files + 20);
  });
});

/** Begins a TLS handshake on raw TCP and does not finish it. Resolves when the server has closed the connection. */
function unfinished(localAddress: string): Promise<void> {
  const socket: Socket = connect({ port: target.tcpPort, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  socket.resume();
  socket.write(HALF_HELLO);
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** Returns the status of a request of an honest visitor. */
async function health(): Promise<number | undefined> {
  const outgoing = get({
    port: target.port,
    host: 'localhost',
    family: 4,
    path: '/healthz',
    agent: false,
    ca: authority.cert,
  });
  const [answer] = await once(outgoing, 'response');
  answer.resume();
  return answer.statusCode;
}
