import { chatLimits, type Member, planCommand } from '@everywire/chat';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { expect, test } from 'vitest';
import { BrokenInvariants } from './broken-invariants.js';
import { createChatServer } from './chat-server.js';
import { silentLog } from './logger.js';

// Tests what the server does about a defect of its own: if a command breaks an invariant (a condition that must always
// hold), the command is refused with `internal` and stores nothing.

test('[CM-3.4] a command that violates an invariant is refused with internal, logged by name, and stores nothing', async ({
  onTestFinished,
}) => {
  const lines: string[] = [];
  const store = new MemoryStore({ epoch: '0123456789abcdef' });
  const server = await createChatServer({
    store,
    accounts: new MemoryAccounts(),
    place: { name: 'Test', runBy: '', registration: 'open', version: '0' },
    passwordCost: { memoryKib: 256, passes: 1 },
    log: { ...silentLog, error: (line) => lines.push(line) },
  });
  onTestFinished(() => server.close({ deadlineMs: 500 }));
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const post = async (path: string, body: object, token = ''): Promise<[number, Record<string, unknown>]> => {
    const headers = { 'content-type': 'application/json', ...(token !== '' && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`http://127.0.0.1:${port}/api/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return [answer.status, (await answer.json()) as Record<string, unknown>];
  };
  const [, { token }] = await post('register', { name: 'ann', password: 'correct horse' });
  const run = (command: string, body: object) => post(`commands/${command}`, body, String(token));
  let ids = 0;
  const nextId = (): string => {
    ids += 1;
    return String(ids).padStart(32, '0');
  };
  const [, { conversation }] = await run('createGroup', { id: nextId(), name: 'Reading', users: [] });
  const send = (text: string) => run('send', { id: nextId(), conversation, text });

  // Simulates a defect: the command sees the stays of its sender out of order.
  const { change } = store;
  const disordered = (member: Member): Member => ({
    ...member,
    periods: [...member.periods, { from: 1, to: null, toModification: null }],
  });
  store.change = (request) =>
    change.call(store, {
      ...request,
      decide: (rows) =>
        request.decide({ ...rows, members: new Map([...rows.members].map(([id, row]) => [id, disordered(row)])) }),
    }) as never;
  expect(await send('confidential')).toMatchObject([500, { code: 'internal' }]);
  expect(lines).toEqual([
    'invariant_broken: Command send was refused with internal: violated invariant: periods are sorted and disjoint.',
  ]);
  store.change = change;

  expect(await send('later')).toMatchObject([200, { sequence: 2 }]);
  const [, page] = await run('page', { conversation, anchor: { at: 'end' }, limit: 9, check: null });
  expect(page).toMatchObject({ rows: [{ sequence: 1 }, { sequence: 2, body: { text: 'later' } }] });
});

test('a refusal without a violated invariant is not reported', () => {
  const lines: string[] = [];
  const broken = new BrokenInvariants({ ...silentLog, error: (line: string) => lines.push(line) });
  const outcomes = [{ outcome: 'refused', code: 'internal' }, { outcome: 'ok' }] as const;
  expect(outcomes.map((outcome) => broken.note(outcome, { command: 'send' }))).toEqual([false, false]);
  expect([lines, broken.addTo({ slow: 1 })]).toEqual([[], { slow: 1 }]);
});

test("violated invariants are added to the count of the sessions' notices", () => {
  const broken = new BrokenInvariants(silentLog);
  const refused = { outcome: 'refused', invariant: 'the head rises' };
  expect([broken.note(refused, { command: 'send' }), broken.note(refused, { command: 'leave' })]).toEqual([true, true]);
  expect(broken.addTo({})).toEqual({ invariant_broken: 2 });
  expect(broken.addTo({ invariant_broken: 1, slow: 3 })).toEqual({ invariant_broken: 3, slow: 3 });
});

test('the erasure of an account stays pending while a defect prevents it', async ({ onTestFinished }) => {
  const [lines, infos]: [string[], string[]] = [[], []];
  const [accounts, store] = [new MemoryAccounts(), new MemoryStore({ epoch: '0123456789abcdef' })];
  const { id } = (await accounts.createUser({ name: 'ann', displayName: 'ann', passwordHash: 'x', createdAt: 1 })) ?? {
    id: 0,
  };
  const context = { actor: id, now: 1, messageId: 'a'.repeat(16), limits: chatLimits };
  const create = planCommand({ command: 'createNotes', id: '1'.repeat(32) }, context);
  if (create.outcome === 'refused') throw new Error(create.code);
  await store.change({ ...create, key: { user: id, id: '1'.repeat(32), hash: '', at: 1 } });
  await accounts.deleteUser(id, 'keep', 1);
  const { change } = store;
  // Simulates a defect: the account has stays out of order, and an end of them.
  const period = { from: 1, to: null, toModification: null };
  const disordered = (member: Member): Member =>
    ({ ...member, ended: { how: 'left', name: 'x' }, periods: [period, period] }) as unknown as Member;
  store.change = (request) =>
    change.call(store, {
      ...request,
      decide: (rows) =>
        request.decide({ ...rows, members: new Map([...rows.members].map(([user, row]) => [user, disordered(row)])) }),
    }) as never;
  const server = await createChatServer({
    store,
    accounts,
    limits: { erasureRetryMs: 20 },
    place: { name: 'Test', runBy: '', registration: 'open', version: '0' },
    log: { ...silentLog, error: (line) => lines.push(line), info: (line) => infos.push(line) },
  });
  onTestFinished(() => server.close({ deadlineMs: 500 }));
  await server.listen({ port: 0, host: '127.0.0.1' });
  await expect.poll(() => lines).toContain(`Account ${id} could not be erased.`);
  expect(lines.some((line) => line.startsWith('invariant_broken: Command delete was refused'))).toBe(true);
  expect(await accounts.erasures()).toEqual([{ user: id, texts: 'keep' }]);
  store.change = change;
  await expect.poll(() => infos).toContain(`Account ${id} is erased.`);
});
