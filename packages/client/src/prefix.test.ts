import { describe, expect, it } from 'vitest';
import { toPrefix } from './prefix.js';

// Tests `toPrefix`, which turns the address given to a client into the prefix of the addresses of all transports.

describe('prefix', () => {
  it.each([
    ['https://chat.example.org/everywire', undefined, 'https://chat.example.org/everywire'],
    ['wss://chat.example.org/everywire/', undefined, 'https://chat.example.org/everywire'],
    ['ws://localhost:8088/everywire', undefined, 'http://localhost:8088/everywire'],
    ['/everywire', 'https://chat.example.org/room/7?x=1#y', 'https://chat.example.org/everywire'],
    ['https://chat.example.org', undefined, 'https://chat.example.org'],
    ['https://chat.example.org/a?b=c#d', undefined, 'https://chat.example.org/a'],
  ])('the prefix of %s on %s is %s', (url, base, prefix) => {
    expect(toPrefix(url, base)).toBe(prefix);
  });

  it('[SN-20.2] the prefix excludes credentials of the address', () => {
    expect(toPrefix('https://name:secret@chat.example.org/everywire')).toBe('https://chat.example.org/everywire');
  });

  it('an invalid address is refused', () => {
    expect(() => toPrefix('everywire')).toThrow(TypeError);
  });
});
