import { describe, expect, it } from 'vitest';
import { parseForwardedAddress } from './forwarded-address.js';

describe('parseForwardedAddress', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:50123', '203.0.113.7'],
    ['203.0.113.7:_port.1', '203.0.113.7'],
    ['"203.0.113.7:50123"', '203.0.113.7'],
    [' \t203.0.113.7 ', '203.0.113.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['"[2001:db8::1]:443"', '2001:db8::1'],
    ['2001:0DB8:0:0::0001', '2001:db8::1'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['[::FFFF:203.0.113.7]:443', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:443', 'fe80::1'],
  ])('the address in %j is %s', (element, address) => {
    expect(parseForwardedAddress(element)).toBe(address);
  });

  it.each([
    ['unknown', '_hidden', '_SEVKISEK', 'localhost', '', '""', '"203.0.113.7', '203.0.113.7"', '203.0.113.7:', ':443'],
    ['[203.0.113.7', '203.0.113.7]', '[]', '[]:443', '[2001:db8::1]x', '2001:db8::1]:443', '[[2001:db8::1]]'],
    ['203.0.113.7:123456', '203.0.113.7:http', '203.0.113.007', '1.2.3', '1.2.3.4.5', '203.0.113.7 198.51.100.1'],
    ['for=203.0.113.7', 'http://203.0.113.7', '203.0.113.0/24', '2001:db8::1::2', '\u0000', '٢٠٣.0.113.7'],
  ])('%j and others have no address', (...elements) => {
    expect(elements.filter((element) => parseForwardedAddress(element) !== null)).toEqual([]);
  });
});
