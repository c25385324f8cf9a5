import { describe, expect } from 'vitest';
import { chatRow } from './chat-row.js';
import type { ChatTarget } from './chat-target.js';

const password = 'correct horse';

/** Returns how many milliseconds a refused sign-in takes. */
async function millisOf(target: ChatTarget, body: object): Promise<number> {
  const started = performance.now();
  expect(await target.code('POST', '/api/login', body)).toBe('credentials_wrong');
  return performance.now() - started;
}

const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] ?? 0;

describe('signing in', () => {
  chatRow(
    '[A1] a log-in takes as long for an unknown name as for a known one',
    { limits: { attemptsPerName: 1_000 } },
    async (target) => {
      const { name } = await target.newcomer();
      const [known, unknown]: [number[], number[]] = [[], []];
      for (let i = 0; i < 41; i++) {
        known.push(await millisOf(target, { name, password: 'wrong horse' }));
        unknown.push(await millisOf(target, { name: 'nobody', password: 'wrong horse' }));
      }
      // One password hash each. A busy machine slows both equally; without the hash one takes a tenth of the other.
      expect(median(unknown)).toBeGreaterThan(median(known) / 2);
      expect(median(known)).toBeGreaterThan(median(unknown) / 2);
    },
  );

  chatRow(
    '[A2] attempts to sign in are throttled by name and by address, and no one is locked out',
    {
      limits: { attemptsPerName: 5, signInsPerMinute: 60 },
    },
    async (target) => {
      const victim = await target.newcomer();
      const codes: (string | number)[] = [];
      for (let i = 0; i < 10; i++)
        codes.push(await target.code('POST', '/api/login', { name: victim.name, password: `wrong ${i} horse` }));
      expect(codes).toEqual([...Array(5).fill('credentials_wrong'), ...Array(5).fill('rate_limited')]);
      // Signed-in people stay signed in, and the victim's session opens.
      expect(await target.code('GET', '/api/me', undefined, victim)).toBe(200);
      await target.connect(victim);
      const others = Array.from({ length: 60 }, (_, i) =>
        target.code('POST', '/api/login', { name: `nobody-${i}`, password }),
      );
      expect(await Promise.all(others)).toContain('rate_limited');
      expect(await target.code('GET', '/api/me', undefined, victim)).toBe(200);
    },
  );

  chatRow(
    '[A3] a thousand sign-ins with passwords of a megabyte are refused before anything is hashed',
    {},
    async (target) => {
      const body = { name: 'x', password: 'x'.repeat(1 << 20) };
      for (let i = 0; i < 1_000; i += 50) {
        const flood = Array.from({ length: 50 }, () => target.code('POST', '/api/login', body).catch(() => 'cut'));
        expect(['too_long', 'cut']).toEqual(expect.arrayContaining([...new Set(await Promise.all(flood))]));
      }
      expect(await target.code('POST', '/api/login', { name: 'x', password: 'x'.repeat(2_000) })).toBe('invalid');
    },
  );

  chatRow('[A5] a token in the address is not accepted, and appears in no log', {}, async (target) => {
    const { token } = await target.newcomer();
    for (const path of [`/api/me?token=${token}`, `/api/me?access_token=${token}`, `/${token}`, `/#${token}`])
      expect(await target.code('GET', path)).not.toBe(path.startsWith('/api') ? 200 : 500);
    const { lines } = await target.report();
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('\n')).not.toContain(token.slice(4, 24));
  });

  chatRow(
    '[A18] becoming the first admin requires the secret, and only one of twenty simultaneous attempts succeeds',
    {},
    async (target) => {
      const { setUpPath } = await target.report();
      const secret = setUpPath.slice('/#/setup/'.length);
      const claims = Array.from({ length: 20 }, (_, i) =>
        target.code('POST', '/api/setup', { secret: i === 7 ? 'ewl_guess' : secret, name: `root-${i}`, password }),
      );
      const codes = await Promise.all(claims);
      expect(codes.filter((code) => code === 201).length).toBe(1);
      expect(new Set(codes)).toEqual(new Set([201, 'link_ended']));
    },
  );
});

describe('the interface', () => {
  chatRow(
    "[A8] [A9] [A10] the interface refuses access to other people's data, and undeclared fields",
    {},
    async (target) => {
      const { ann, bob } = await target.pair();
      for (const [method, path, body, code] of [
        ['PATCH', '/api/me', { role: 'administrator' }, 'invalid'],
        ['PATCH', '/api/me', { isAdmin: true }, 'invalid'],
        ['PATCH', '/api/me', { id: bob.id, status: 'x' }, 'invalid'],
        ['POST', '/api/register', { name: 'x-admin', password, role: 'administrator' }, 'invalid'],
        ['POST', '/api/login', { name: { $gt: '' }, password: { $gt: '' } }, 'invalid'],
        ['POST', '/api/login', { name: [bob.name], password }, 'invalid'],
        ['PATCH', `/api/people/${ann.id}/role`, { role: 'administrator' }, 'denied'],
        ['DELETE', '/api/devices/%2e%2e', undefined, 'not_found'],
        ['DELETE', `/api/invitations/${'x'.repeat(99)}`, undefined, 'not_found'],
        ['GET', '/api/settings', undefined, 'denied'],
      ] as const)
        expect([path, await target.code(method, path, body, ann)]).toEqual([path, code]);
    },
  );

  chatRow('[D12] the log has one line per request, regardless of its address', {}, async (target) => {
    await target.rest('GET', '/x%0d%0aForged: line%1b%5b31m').then((answer) => answer.text());
    await target.rest('GET', '/=cmd()|calc').then((answer) => answer.text());
    const { lines } = await target.report();
    expect(lines.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
  });
});
