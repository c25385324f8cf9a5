import { expect, it } from 'vitest';
import { formatInviteLink, parseInviteLink } from './invite-link.js';

const secret = '0123456789abcdef'.repeat(2);

it('[CH-29.1] a formatted invite link can be parsed and has its secret in the fragment', () => {
  const link = formatInviteLink('https://chat.example.org/page?x=1', { conversation: 7, secret });
  expect(link).toBe(`https://chat.example.org/#join/7/${secret}`);
  expect(parseInviteLink(link)).toEqual({ conversation: 7, secret });
  const open = formatInviteLink('https://chat.example.org', { conversation: 7, secret: null });
  expect(parseInviteLink(open)).toEqual({ conversation: 7, secret: null });
});

it('anything but an invite link is rejected', () => {
  for (const link of ['', 'https://x.org/', '#join/', '#join/x', `#join/7/${secret}0`, '#join/7/'])
    expect(parseInviteLink(link)).toBeNull();
});
