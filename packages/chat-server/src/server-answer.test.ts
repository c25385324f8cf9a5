import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { expect, test } from 'vitest';
import { createChatServer } from './chat-server.js';
import type { Mailer } from './mailer.js';

/** Returns fields of `GET /api/server` with this mailer, before and after there is an administrator. */
async function said(mailer: Pick<Mailer, 'needsAddress'> | null) {
  const accounts = new MemoryAccounts();
  const server = await createChatServer({
    accounts,
    store: new MemoryStore({ epoch: '0123456789abcdef' }),
    passwordCost: { memoryKib: 256, passes: 1 },
    place: { name: 'Yard', runBy: '', registration: 'open', version: '0.0.0' },
    mailer: mailer && { ...mailer, send: async () => undefined },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}/api`;
  const ask = async () => (await fetch(`${url}/server`)).json() as Promise<Record<string, unknown>>;
  try {
    const before = await ask();
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'ada', password: 'correct horse' });
    await fetch(`${url}/register`, { method: 'POST', headers, body });
    const user = (await accounts.passwordHash('ada'))?.user.id ?? 0;
    await accounts.changeUser(user, { role: 'administrator' });
    const after = await ask();
    return [before['hasAdministrator'], after['hasAdministrator'], after['passwordReset']];
  } finally {
    await server.close();
  }
}

test.each([
  [{ needsAddress: true }, 'mail'],
  [{ needsAddress: false }, 'operator'],
  [null, 'none'],
] as const)(
  'with the mailer %j a password reset goes by %s, and the server says whether there is an administrator',
  async (mailer, way) => {
    expect(await said(mailer)).toEqual([false, true, way]);
  },
);
