import { expect, it, onTestFinished } from 'vitest';
import { listen, post } from './hand-client.js';

it('[SN-14] a client that opens sessions without end from one IPv6 network evicts only its own', async () => {
  const server = await listen({ trustedProxies: ['127.0.0.1'], limits: { unconfirmedPerAddressMax: 2 } });
  onTestFinished(() => server.end());
  const open = async (address: string, nonce: string): Promise<string> => {
    const forwarded = { 'x-forwarded-for': address };
    const answer = await post(`${server.base}/open`, { t: 'open', version: 2, nonce }, forwarded);
    return ((await answer.json()) as { readonly t: string }).t;
  };
  await open('2001:db8:0:1::1', 'one of another network');
  for (const host of [1, 2, 3]) await open(`2001:db8::${host}`, `of one network, ${host}`);
  expect(await open('2001:db8::1', 'of one network, 1')).toBe('closed');
  expect(await open('2001:db8:0:1::1', 'one of another network')).toBe('opened');
  expect(server.notices.map(({ code }) => code)).toEqual(['unconfirmed']);
});
