import type { Mail } from '@everywire/chat-server';
import { afterEach, expect, test } from 'vitest';
import { TestPlace } from './test-place.js';

let place: TestPlace;
afterEach(() => place.stop());

const password = 'correct horse';
/** The new password. */
const next = 'battery staple';

/** Creates a mailer that keeps its mails. `secretOf` returns the secret in the mail of this index. */
function createOutbox(needsAddress = true) {
  const mails: Mail[] = [];
  const send = async (mail: Mail): Promise<void> => void mails.push(mail);
  const secretOf = (index: number): string => /\/#\/reset\/(\S+)/.exec(mails[index]?.text ?? '')?.[1] ?? '';
  return { mails, secretOf, mailer: { needsAddress, send } };
}

/** Starts a server with such a mailer. */
async function start(options: Parameters<typeof TestPlace.start>[0] = {}): Promise<ReturnType<typeof createOutbox>> {
  const outbox = createOutbox();
  const publicUrl = (): string => 'https://chat.example.org';
  place = await TestPlace.start({ mailer: outbox.mailer, publicUrl, ...options });
  return outbox;
}

/** Registers a user with an e-mail address. */
async function withEmail(name: string, email: string) {
  const person = await place.register(name);
  await place.rest('POST', '/api/email', { email, password }, person.token);
  return person;
}

/** Requests a mail that resets the password. */
const ask = (who: string): Promise<Response> => place.rest('POST', '/api/reset', { who });
/** Sets a new password by the secret of a mail. Returns `set` or the code of the refusal. */
const finish = async (secret: string, chosen = next): Promise<string> => {
  const answer = await place.rest('POST', '/api/reset/finish', { secret, password: chosen });
  return answer.status === 204 ? 'set' : ((await answer.json()) as { readonly code: string }).code;
};
/** Signs in and returns the status. */
const logIn = async (name: string, entered: string): Promise<number> =>
  (await place.rest('POST', '/api/login', { name, password: entered })).status;

test('a link sets a new password once, and ends every sign-in and session', async () => {
  const outbox = await start();
  const ann = await withEmail('ann', 'ann@example.org');
  const session = await place.connect(ann);
  expect((await ask('ANN')).status).toBe(202);
  await expect.poll(() => outbox.mails.length).toBe(1);
  const [mail] = outbox.mails;
  expect(mail?.to).toBe('ann@example.org');
  expect(mail?.text).toMatch(/^https:\/\/chat\.example\.org\/#\/reset\/ewl_\S{43}$/m);
  expect(await finish(outbox.secretOf(0), 'short')).toBe('password_invalid');
  expect([await finish(outbox.secretOf(0)), await finish(outbox.secretOf(0))]).toEqual(['set', 'link_ended']);
  expect(await session.closed).toBe('revoked');
  expect((await place.rest('GET', '/api/me', undefined, ann.token)).status).toBe(401);
  expect([await logIn('ann', password), await logIn('ann', next)]).toEqual([401, 200]);
  expect(place.lines.join('\n')).not.toContain(outbox.secretOf(0).slice(4));
});

test('a newer reset link ends the previous one, and each expires after its minutes', async () => {
  let now = 1_000_000;
  const outbox = await start({ wallNow: () => now, limits: { resetMinutes: 30 } });
  await withEmail('ann', 'ann@example.org');
  for (let count = 1; count <= 2; count += 1) {
    await ask('ann@EXAMPLE.org');
    await expect.poll(() => outbox.mails.length).toBe(count);
  }
  expect(await finish(outbox.secretOf(0))).toBe('link_ended');
  now += 30 * 60_000 - 1;
  // Valid to its last millisecond: only the password is refused.
  expect(await finish(outbox.secretOf(1), 'short')).toBe('password_invalid');
  now += 1;
  expect(await finish(outbox.secretOf(1), 'short')).toBe('link_ended');
  expect(await logIn('ann', password)).toBe(200);
});

test('a new password and a new address end a reset link requested before', async () => {
  const outbox = await start();
  const ann = await withEmail('ann', 'ann@example.org');
  const linkBefore = async (path: string, body: unknown): Promise<string> => {
    const count = outbox.mails.length + 1;
    await ask('ann');
    await expect.poll(() => outbox.mails.length).toBe(count);
    expect((await place.rest('POST', path, body, ann.token)).status).toBe(204);
    return outbox.secretOf(count - 1);
  };
  const first = await linkBefore('/api/password', { current: password, next });
  expect(await finish(first, 'of a stranger')).toBe('link_ended');
  const second = await linkBefore('/api/email', { email: 'new@example.org', password: next });
  expect(await finish(second, 'of a stranger')).toBe('link_ended');
  expect(await logIn('ann', next)).toBe(200);
});

test('[A1] a reset request reveals nothing: the answer comes before any lookup', async () => {
  const outbox = await start();
  await withEmail('ann', 'ann@example.org');
  await place.register('bob');
  const answers = await Promise.all(['ann', 'bob', 'nobody', 'nobody@example.org', ''].map(ask));
  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  expect(new Set(answers.map((answer, index) => `${answer.status} ${bodies[index]}`))).toEqual(new Set(['202 ']));
  await expect.poll(() => outbox.mails.map((mail) => mail.to)).toEqual(['ann@example.org']);
});

test('[A2] a mailbox is not flooded, whatever addresses send the requests', async () => {
  const outbox = await start({ wallNow: () => 1_000_000, limits: { resetsPerPerson: 2 } });
  await withEmail('ann', 'ann@example.org');
  await withEmail('bob', 'bob@example.org');
  for (let count = 0; count < 5; count += 1) await ask('ann');
  await ask('bob');
  await expect.poll(() => outbox.mails.map((mail) => mail.to)).toContain('bob@example.org');
  expect(outbox.mails.filter((mail) => mail.to === 'ann@example.org')).toHaveLength(2);
});

test("[A2] accounts of strangers with a person's address cannot flood the mailbox", async () => {
  let now = 1_000_000;
  const outbox = await start({ wallNow: () => now, limits: { resetsPerMailbox: 2 } });
  const addresses = ['ann@example.org', '<ANN@example.org>', 'ann+1@example.org', 'ann+2@example.org'];
  for (const [index, email] of addresses.entries()) await withEmail(`stranger${index}`, email);
  await withEmail('bob', 'bob@example.org');
  const askAll = async (): Promise<number> => {
    for (const index of addresses.keys()) for (let count = 0; count < 3; count += 1) await ask(`stranger${index}`);
    const before = outbox.mails.filter(({ to }) => to === 'bob@example.org').length;
    await ask('bob');
    await expect.poll(() => outbox.mails.filter(({ to }) => to === 'bob@example.org').length).toBe(before + 1);
    return outbox.mails.filter(({ to }) => to !== 'bob@example.org').length;
  };
  // Three for the account that set the address first, and two for all others together.
  expect(await askAll()).toBe(5);
  now += 1_200_000;
  expect(await askAll()).toBe(7);
});

test('[A2] the mails of the whole server are limited, and the log names the limit', async () => {
  const outbox = await start({ wallNow: () => 1_000_000, limits: { resetsAtOnce: 2 } });
  for (const name of ['ann', 'bob', 'cat']) {
    await withEmail(name, `${name}@example.org`);
    expect((await ask(name)).status).toBe(202);
  }
  await expect.poll(() => place.lines.join('\n')).toContain('resetsAtOnce');
  expect(outbox.mails.map(({ to }) => to)).toEqual(['ann@example.org', 'bob@example.org']);
});

test('a user name that looks like a host name does not become a link in the mail', async () => {
  const outbox = await start();
  await withEmail('www.evil-login.com', 'ann@example.org');
  await ask('www.evil-login.com');
  await expect.poll(() => outbox.mails.length).toBe(1);
  expect(outbox.mails[0]?.text).toContain('the account www[.]evil-login[.]com on');
  expect(JSON.stringify(outbox.mails[0])).not.toContain('evil-login.com');
});

test("accounts of strangers with a person's address do not silently prevent that person's link", async () => {
  const outbox = await start({ wallNow: () => 1_000_000, limits: { resetsPerPerson: 1 } });
  for (let index = 0; index < 5; index += 1)
    await withEmail(`stranger${index}`, index % 2 === 0 ? 'ann@example.org' : '<ann@EXAMPLE.org>');
  await withEmail('ann', 'Ann@example.org');
  await ask('ANN@example.org');
  await expect.poll(() => outbox.mails.length).toBe(1);
  expect(outbox.mails[0]?.text).toContain('Ask again with your username');
  expect(outbox.mails[0]?.text).not.toMatch(/ewl_|stranger/);
  await ask('ann@example.org');
  await ask('ann');
  await expect.poll(() => outbox.mails.length).toBe(2);
  expect(outbox.mails[1]?.to).toBe('Ann@example.org');
  expect(await finish(outbox.secretOf(1))).toBe('set');
});

test('[A17] a link never points to the Host of a request', async () => {
  const outbox = await start();
  await withEmail('ann', 'ann@example.org');
  const { request } = await import('node:http');
  await new Promise<void>((resolve, reject) => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'content-type': 'application/json' };
    const sent = request(`${place.url}/api/reset`, { method: 'POST', headers }, (answer) => {
      answer.resume().on('end', resolve);
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ who: 'ann' }));
  });
  await expect.poll(() => outbox.mails.length).toBe(1);
  expect(outbox.mails[0]?.text).not.toContain('evil');
});

test('a mail that cannot be sent is one line in the log, without the secret', async () => {
  const seen: Mail[] = [];
  const send = async (mail: Mail): Promise<void> => {
    seen.push(mail);
    throw new Error('connection refused');
  };
  await start({ mailer: { needsAddress: true, send } });
  await withEmail('ann', 'ann@example.org');
  await ask('ann');
  await expect.poll(() => place.lines.join('\n')).toContain('could not be sent');
  expect(place.lines.join('\n')).not.toContain(/ewl_\S+/.exec(seen[0]?.text ?? '')?.[0] ?? 'nothing was sent');
});

test('where the operator reads the mail, people without an address get a reset link too, but guests do not', async () => {
  const outbox = createOutbox(false);
  await start({ mailer: outbox.mailer });
  const ann = await place.register('ann');
  const guest = await place.guest(await place.invite(ann, 'guest'));
  await ask(guest.name);
  await ask('ann');
  await expect.poll(() => outbox.mails.map((mail) => mail.to)).toEqual(['ann']);
});

test('an administrator creates a link for a member, which works once, ends the sign-ins and confirms no address', async () => {
  await start();
  const root = await place.setUp();
  const ann = await withEmail('ann', 'ann@example.org');
  const create = async (id: number, by = root) => {
    const answer = await place.rest('POST', `/api/people/${id}/reset-link`, undefined, by.token);
    return (await answer.json()) as { readonly secret: string; readonly code?: string };
  };
  const older = await create(ann.id);
  const { secret } = await create(ann.id);
  const session = await place.connect(ann);
  expect([await finish(older.secret), await finish(secret), await finish(secret)]).toEqual([
    'link_ended',
    'set',
    'link_ended',
  ]);
  expect(await session.closed).toBe('revoked');
  expect(await logIn('ann', next)).toBe(200);
  expect((await place.store.privateDetails(ann.id))?.emailConfirmed).toBe(false);
  expect(place.lines).toContain(`Audit: administrator ${root.id} created a password reset link for account ${ann.id}.`);
  expect(place.lines.join('\n')).not.toContain(secret.slice(4));
});

test('a link of an administrator gives nobody the account of an administrator, a guest or a suspended person', async () => {
  await start();
  const root = await place.setUp();
  const [ann, bob] = [await place.register('ann'), await place.register('bob')];
  const guest = await place.guest(await place.invite(ann, 'guest', 1));
  const create = async (id: number) => {
    const answer = await place.rest('POST', `/api/people/${id}/reset-link`, undefined, root.token);
    return (await answer.json()) as { readonly secret: string; readonly code?: string };
  };
  const { secret } = await create(ann.id);
  await place.rest('PATCH', `/api/people/${ann.id}/role`, { role: 'administrator' }, root.token);
  expect(await finish(secret)).toBe('link_ended');
  await place.store.suspendUser(bob.id, Date.now());
  const codes = [];
  for (const id of [ann.id, root.id, guest.id, bob.id, 999]) codes.push((await create(id)).code);
  expect(codes).toEqual(['denied', 'denied', 'denied', 'denied', 'not_found']);
});
