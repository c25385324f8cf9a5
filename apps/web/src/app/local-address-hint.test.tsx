// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { en } from '../i18n/en.js';
import { CreatedLink } from '../settings/created-link.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { isLocal } from './local-address-hint.js';

test.each([
  ['http://localhost:8088/#/join/x', true],
  ['http://chat.localhost/', true],
  ['http://127.0.0.1:8088', true],
  ['http://127.8.9.10', true],
  ['http://[::1]:8088/', true],
  ['http://192.168.1.20:8088', false],
  ['https://chat.example.org', false],
  ['https://localhost.example.org', false],
  ['http://my-localhost/', false],
])('isLocal(%s) is %s', (address, local) => {
  expect(isLocal(address)).toBe(local);
});

test('a link to a loopback host is shown with a hint that others cannot open it', () => {
  const shown = (link: string) => renderInPage(<CreatedLink link={link} />).queryByText(en.localAddress) !== null;
  expect(shown('https://chat.example.org/#/join/x')).toBe(false);
  expect(shown('http://localhost:8088/#/join/x')).toBe(true);
});
