import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

/* The codes are made by the library here as a person's device makes them, from the address of the QR code alone. */

const password = 'correct horse';
const start = 1_800_000_000_000;
let place: TestPlace;
let ann: TestPerson;
let now = start;
beforeEach(async () => {
  now = start;
  place = await TestPlace.start({ wallNow: () => now, limits: { recoveryCodes: 4 } });
  ann = await place.register('ann');
});
afterEach(() => place.stop());

interface Answer {
  readonly code?: string;
  readonly token?: string;
  readonly uri?: string;
  readonly secret?: string;
  readonly recoveryCodes?: readonly string[];
  readonly secondFactor?: boolean;
  readonly recoveryCodesLeft?: number;
}

async function ask(path: string, body: unknown, token: string | undefined = ann.token): Promise<Answer> {
  const response = await place.rest(body === undefined ? 'GET' : 'POST', path, body, token);
  const text = await response.text();
  return text === '' ? {} : (JSON.parse(text) as Answer);
}

const logIn = (code?: string): Promise<Answer> =>
  ask('/api/login', { name: 'ann', password, ...(code === undefined ? {} : { code }) }, '');
const outcome = (answer: Answer): string => answer.code ?? 'ok';

/** Switches it on, and answers how the device makes codes. */
async function switchOn(): Promise<{
  readonly codeAt: (time: number) => string;
  readonly recoveryCodes: readonly string[];
}> {
  const { uri = '', secret = '' } = await ask('/api/second-factor', { password });
  const { searchParams, host } = new URL(uri);
  expect([host, searchParams.get('secret'), searchParams.get('issuer')]).toEqual(['totp', secret, 'Test']);
  const device = new TOTP({ secret: Secret.fromBase32(secret) });
  const codeAt = (time: number): string => device.generate({ timestamp: time });
  const { recoveryCodes = [] } = await ask('/api/second-factor/confirm', { code: codeAt(now) });
  return { codeAt, recoveryCodes };
}

test('is asked for only once a code was seen, and then with every log-in', async () => {
  await ask('/api/second-factor', { password });
  expect(outcome(await logIn())).toBe('ok');
  const { codeAt } = await switchOn();
  expect(await ask('/api/account', undefined)).toMatchObject({ secondFactor: true, recoveryCodesLeft: 4 });
  expect(outcome(await logIn())).toBe('second_factor_required');
  now += 30_000;
  expect(outcome(await logIn(codeAt(now).replace(/(...)/, '$1 ')))).toBe('ok');
  expect(outcome(await ask('/api/second-factor', { password }))).toBe('second_factor_set');
});

test('[A1] without the password nobody learns that there is one', async () => {
  await switchOn();
  expect(outcome(await ask('/api/login', { name: 'ann', password: 'wrong wrong' }, ''))).toBe('credentials_wrong');
});

test('a code is good once, in its half minute and the ones beside it, never after a later one', async () => {
  const { codeAt } = await switchOn();
  expect(outcome(await logIn(codeAt(now)))).toBe('code_wrong');
  now += 90_000;
  expect(outcome(await logIn(codeAt(now + 30_000)))).toBe('ok');
  expect(outcome(await logIn(codeAt(now + 30_000)))).toBe('code_wrong');
  expect(outcome(await logIn(codeAt(now)))).toBe('code_wrong');
  now += 300_000;
  expect(outcome(await logIn(codeAt(now - 60_000)))).toBe('code_wrong');
  const both = await Promise.all([logIn(codeAt(now)), logIn(codeAt(now))]);
  expect(both.map(outcome).sort()).toEqual(['code_wrong', 'ok']);
});

test('a recovery code is good once, however it is typed', async () => {
  const { recoveryCodes } = await switchOn();
  expect(recoveryCodes).toHaveLength(4);
  const [first = '', second = ''] = recoveryCodes;
  expect(first).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
  expect(outcome(await logIn(first.toLowerCase().replaceAll('-', ' ')))).toBe('ok');
  expect(outcome(await logIn(first))).toBe('code_wrong');
  expect(outcome(await logIn(second))).toBe('ok');
  expect(await ask('/api/account', undefined)).toMatchObject({ recoveryCodesLeft: 2 });
});

test('[A2] codes are tried slowly, and a right one before that ends the counting', async () => {
  const { codeAt } = await switchOn();
  now += 600_000_000;
  for (let tries = 0; tries < 4; tries += 1) expect(outcome(await logIn('000000'))).toBe('code_wrong');
  expect(outcome(await logIn(codeAt(now)))).toBe('ok');
  for (let tries = 0; tries < 5; tries += 1) expect(outcome(await logIn('000000'))).toBe('code_wrong');
  now += 60_000;
  expect(outcome(await logIn(codeAt(now)))).toBe('rate_limited');
});

test('is switched off by the password and a code', async () => {
  const { recoveryCodes } = await switchOn();
  const off = async (body: object): Promise<string> => outcome(await ask('/api/second-factor/remove', body));
  expect(await off({ password: 'wrong wrong', code: recoveryCodes[0] })).toBe('password_wrong');
  expect(await off({ password, code: '' })).toBe('second_factor_required');
  expect(await off({ password, code: recoveryCodes[0] })).toBe('ok');
  expect(outcome(await logIn())).toBe('ok');
});

test('neither secrets nor codes are in the log', async () => {
  const { recoveryCodes, codeAt } = await switchOn();
  now += 30_000;
  await logIn(codeAt(now));
  await logIn(recoveryCodes[0]);
  const log = place.lines.join('\n');
  for (const secret of [codeAt(now), recoveryCodes[0] ?? '']) expect(log).not.toContain(secret);
});
