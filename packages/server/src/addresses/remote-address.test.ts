import { expect, test } from 'vitest';
import { addressKey, widerAddressKeys } from './remote-address.js';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('the address %s counts as %s', (address, expected) => {
  expect(addressKey(address)).toBe(expected);
});

test('widerAddressKeys returns the wider networks of an IPv6 address, and none for IPv4', () => {
  const networks = { by56: '2001:db8:1:ab00::/56', by48: '2001:db8:1::/48' };
  expect(widerAddressKeys('2001:db8:1:abcd::9')).toEqual(networks);
  expect(widerAddressKeys('2001:db8:1:ab00:1:2:3:4')).toEqual(networks);
  expect(widerAddressKeys('2001:db8:1:ff::9')).toEqual({ by56: '2001:db8:1:0::/56', by48: '2001:db8:1::/48' });
  for (const address of ['192.0.2.7', '::ffff:192.0.2.7']) expect(widerAddressKeys(address)).toBeNull();
});
