import { randomBytes } from 'node:crypto';
import { createChatClient, whoAmI } from '@everywire/chat-client';
import { SignJWT } from 'jose';
import { afterEach, expect, test } from 'vitest';
import { TestPlace } from './test-place.js';

/* A chat embedded in a host application: the SDK in Node, with the real server, and tokens that last four seconds. */

const secret = randomBytes(32);
const jwt = {
  algorithm: 'HS256',
  issuer: 'https://host.example.org',
  audience: 'chat',
  key: { kind: 'secret', text: secret.toString('hex') },
} as const;
/** How long the tests wait for a state, in milliseconds. */
const deadline = { timeout: 20_000, interval: 20 };

let place: TestPlace;
afterEach(() => place.stop());

/** Signs a token, as a route of the host application would. */
function sign(user: string, seconds = 4): Promise<string> {
  const token = new SignJWT({ name: user, preferred_username: user }).setProtectedHeader({ alg: 'HS256' });
  const now = Math.floor(Date.now() / 1_000);
  return token
    .setIssuer(jwt.issuer)
    .setAudience(jwt.audience)
    .setSubject(user)
    .setIssuedAt(now)
    .setExpirationTime(now + seconds)
    .sign(Buffer.from(jwt.key.text));
}

/** Creates a client whose token function counts its calls, and fails while `mood.failing`. */
async function embed(user: string) {
  const mood = { failing: false, calls: 0 };
  const token = async (): Promise<string> => {
    mood.calls += 1;
    if (mood.failing) throw new Error('the host is away');
    return sign(user);
  };
  const client = createChatClient({ url: place.url, me: await whoAmI(place.url, token), token });
  await expect.poll(() => client.getSnapshot().connection.state, deadline).toBe('open');
  return { client, mood };
}

test('a conversation continues through token renewals, even while the host issues none', async () => {
  place = await TestPlace.start({ jwt });
  const [ann, ben] = [await embed('ann'), await embed('ben')];
  const states = new Set<string>();
  ann.client.subscribe(() => states.add(ann.client.getSnapshot().connection.state));
  const conversation = await ann.client.createDirect((await whoAmI(place.url, () => sign('ben'))).id);
  const [mine, theirs] = [ann.client.openTimeline(conversation), ben.client.openTimeline(conversation)];
  const texts = (): readonly string[] =>
    theirs.getSnapshot().rows.flatMap((row) => (row.type === 'message' ? [row.text] : []));
  mine.send('at first');
  await expect.poll(texts, deadline).toContain('at first');

  const before = ann.mood.calls;
  await expect.poll(() => ann.mood.calls - before, deadline).toBeGreaterThanOrEqual(3);
  mine.send('three tokens later');
  await expect.poll(texts, deadline).toContain('three tokens later');

  ann.mood.failing = true;
  const failed = ann.mood.calls;
  await expect.poll(() => ann.mood.calls - failed, deadline).toBeGreaterThanOrEqual(2);
  mine.send('while the host is away');
  ann.mood.failing = false;
  await expect.poll(texts, deadline).toContain('while the host is away');
  expect([...states]).toEqual(['open']);
  expect(ann.client.getSnapshot().signedOut).toBe(false);
  await Promise.all([ann.client.close(), ben.client.close()]);
});

test('a client waits for an unavailable host at the start, and signs out after repeated token refusals', async () => {
  place = await TestPlace.start({ jwt });
  const me = await whoAmI(place.url, () => sign('ann'));
  let calls = 0;
  const late = async (): Promise<string> => {
    calls += 1;
    if (calls < 3) throw new Error('the host is away');
    return sign('ann');
  };
  const client = createChatClient({ url: place.url, me, token: late });
  await expect.poll(() => client.getSnapshot().connection.state, deadline).toBe('open');
  expect(client.getSnapshot().signedOut).toBe(false);
  await client.close();

  const refused = createChatClient({ url: place.url, me, token: () => sign('ann', -60) });
  await expect.poll(() => refused.getSnapshot().signedOut, deadline).toBe(true);
  await refused.close();
});
