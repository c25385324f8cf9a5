import type { Mail } from '@everywire/chat-server';
import { afterEach, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

let place: TestPlace;
afterEach(() => place.stop());

const password = 'correct horse';
const hourMs = 3_600_000;

/** The mails that the server has sent. */
interface Outbox {
  readonly mails: readonly Mail[];
  /** Waits until `count` mails have been sent, and returns the newest. */
  readonly newest: (count: number) => Promise<Mail>;
}

/** Starts a server with a mailer that keeps its mails. */
async function start({
  needsAddress = true,
  ...options
}: Parameters<typeof TestPlace.start>[0] & { needsAddress?: boolean } = {}): Promise<Outbox> {
  const mails: Mail[] = [];
  const mailer = { needsAddress, send: async (mail: Mail): Promise<void> => void mails.push(mail) };
  place = await TestPlace.start({ mailer, publicUrl: () => 'https://chat.example.org', ...options });
  const newest = async (count: number): Promise<Mail> => {
    await expect.poll(() => mails.length).toBe(count);
    return mails[count - 1] as Mail;
  };
  return { mails, newest };
}

/** Registers a user with an e-mail address that is not confirmed. */
async function withEmail(name: string, email: string): Promise<TestPerson> {
  const person = await place.register(name);
  await setEmail(person, email);
  return person;
}

const setEmail = async ({ token }: TestPerson, email: string): Promise<void> => {
  expect((await place.rest('POST', '/api/email', { email, password }, token)).status).toBe(204);
};
/** Returns the confirmation code in a mail. */
const codeOf = ({ text }: Mail): string => /^(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}$/m.exec(text)?.[0] ?? '';
/** Requests a new code and returns the status. */
const askCode = async ({ token }: TestPerson): Promise<number> =>
  (await place.rest('POST', '/api/email/code', undefined, token)).status;
/** Confirms the address with a code. Returns `confirmed` or the code of the refusal. */
const confirm = async ({ token }: TestPerson, code: string): Promise<string> => {
  const answer = await place.rest('POST', '/api/email/confirm', { code }, token);
  return answer.status === 204 ? 'confirmed' : ((await answer.json()) as { readonly code: string }).code;
};
/** Returns whether the server considers the address confirmed. */
const stateOf = async ({ token }: TestPerson): Promise<unknown> => {
  const answer = await place.rest('GET', '/api/account', undefined, token);
  return ((await answer.json()) as { readonly emailConfirmed: unknown }).emailConfirmed;
};
/** Returns the number of mails that contain the word. */
const countOf = (mails: readonly Mail[], word: string): number =>
  mails.filter(({ text }) => text.includes(word)).length;
/** Requests a mail that resets the password. */
const askReset = (who: string): Promise<Response> => place.rest('POST', '/api/reset', { who });

test('a code sent to an address confirms it once, in whatever form it is typed', async () => {
  let now = 1_000_000;
  const { newest, mails } = await start({ wallNow: () => now });
  const ann = await place.register('www.ann');
  expect([await stateOf(ann), await askCode(ann)]).toEqual([null, 404]);
  await setEmail(ann, 'ann@example.org');
  // A mail is only sent on request.
  expect([await stateOf(ann), mails.length, await askCode(ann)]).toEqual([false, 0, 202]);
  const mail = await newest(1);
  expect(mail.to).toBe('ann@example.org');
  expect(mail.text).toContain('the account www[.]ann at Test');
  expect(mail.text).not.toMatch(/https?:|www\.ann/);
  expect(await confirm(ann, 'AAAA-AAAA-AAAA-AAAA')).toBe('code_wrong');
  expect(await confirm(ann, ` ${codeOf(mail).replaceAll('-', ' ').toLowerCase()} `)).toBe('confirmed');
  expect([await confirm(ann, codeOf(mail)), await stateOf(ann)]).toEqual(['code_wrong', true]);
  expect(await askCode(ann)).toBe(202);
  await setEmail(ann, 'other@example.org');
  expect(await stateOf(ann)).toBe(false);
  await askCode(ann);
  const late = await newest(2);
  now += hourMs;
  expect(await confirm(ann, codeOf(late))).toBe('code_wrong');
  expect(place.lines.join('\n')).not.toContain(codeOf(late));
});

test('a code confirms no other account and no other address, and is not valid as a link', async () => {
  const { newest } = await start();
  const [ann, eve] = [await withEmail('ann', 'ann@example.org'), await withEmail('eve', 'ann@example.org')];
  await askCode(ann);
  const code = codeOf(await newest(1));
  expect(await confirm(eve, code)).toBe('code_wrong');
  const plain = code.replaceAll('-', '');
  for (const secret of [code, plain, `${ann.id} ${plain}`])
    expect((await place.rest('POST', '/api/link', { secret })).status).toBe(410);
  // A code for Eve's own address does not confirm Ann's.
  await setEmail(eve, 'eve@example.org');
  await askCode(eve);
  const own = codeOf(await newest(2));
  await setEmail(eve, 'ann@example.org');
  expect(await confirm(eve, own)).toBe('code_wrong');
  expect([await stateOf(eve), await confirm(ann, code)]).toEqual([false, 'confirmed']);
});

test('[A2] codes are limited per account and mailbox, and do not count against links for a confirmed address', async () => {
  const { mails, newest } = await start({ wallNow: () => 1_000_000, limits: { resetsPerAddress: 100 } });
  const ann = await withEmail('ann', 'ann@example.org');
  await askCode(ann);
  expect(await confirm(ann, codeOf(await newest(1)))).toBe('confirmed');
  const strangers = ['ann@example.org', 'ann+1@example.org', 'ANN@example.org', '<ann@example.org>'];
  for (const [index, email] of strangers.entries()) {
    const stranger = await withEmail(`stranger${index}`, email);
    for (let count = 0; count < 4; count += 1) expect(await askCode(stranger)).toBe(202);
  }
  // Only five mails are sent, one of which is the owner's code.
  await expect.poll(() => place.lines.filter((line) => line.includes('limits.')).length).toBe(12);
  expect(mails.length).toBe(5);
  expect(strangers.map((_, index) => countOf(mails, `stranger${index}`)).every((count) => count <= 3)).toBe(true);
  await askReset('ann');
  expect((await newest(6)).text).toContain('/#/reset/');
});

test('[A2] strangers who set an address first cannot prevent a link for the owner who confirmed it', async () => {
  const { mails, newest } = await start({ wallNow: () => 1_000_000, limits: { resetsPerAddress: 100 } });
  for (let index = 0; index < 6; index += 1)
    await withEmail(`stranger${index}`, index % 2 === 0 ? 'ann@example.org' : `ann+${index}@example.org`);
  const ann = await withEmail('ann', 'ann@example.org');
  await askCode(ann);
  expect(await confirm(ann, codeOf(await newest(1)))).toBe('confirmed');
  for (let index = 0; index < 6; index += 1)
    for (let count = 0; count < 4; count += 1) await askReset(`stranger${index}`);
  await expect.poll(() => place.lines.filter((line) => line.includes('limits.')).length).toBe(20);
  const spent = mails.length;
  await askReset('ann');
  expect((await newest(spent + 1)).text).toContain('the account ann on');
  // The accounts of strangers get no mail for the address, and the mail contains a link, not a request for the user
  // name.
  await askReset('ann@example.org');
  expect((await newest(spent + 2)).text).toMatch(/the account ann on[\s\S]*\/#\/reset\/ewl_/);
});

test('a new password confirms the address if its link was mailed, but not if the operator forwarded the link', async () => {
  for (const needsAddress of [true, false]) {
    const { newest } = await start({ needsAddress });
    const ann = await withEmail('ann', 'ann@example.org');
    await askReset('ann');
    const secret = /\/#\/reset\/(\S+)/.exec((await newest(1)).text)?.[1];
    expect((await place.rest('POST', '/api/reset/finish', { secret, password })).status).toBe(204);
    expect((await place.store.privateDetails(ann.id))?.emailConfirmed).toBe(needsAddress);
    if (needsAddress) await place.stop();
  }
});
