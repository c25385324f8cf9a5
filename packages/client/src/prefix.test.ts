import { describe, expect, it, vi } from 'vitest';
import { toPrefix } from './prefix.js';

// Tests `toPrefix`, which turns the address given to a client into the prefix of the addresses of all transports.

describe('prefix', () => {
  it.each([
    ['https://chat.example.org/everywire', undefined, 'https://chat.example.org/everywire'],
    ['wss://chat.example.org/everywire/', undefined, 'https://chat.example.org/everywire'],
    ['ws://localhost:8088/everywire', undefined, 'http://localhost:8088/everywire'],
    ['/everywire', 'https://chat.example.org/room/7?x=1#y', 'https://chat.example.org/everywire'],
    ['https://chat.example.org', undefined, 'https://chat.example.org'],
    ['WS://chat.example.org/everywire', undefined, 'http://chat.example.org/everywire'],
    ['HTTPS://Chat.Example.org:443/everywire', undefined, 'https://chat.example.org/everywire'],
    ['everywire', 'https://api.example.org/v1/?x=1', 'https://api.example.org/v1/everywire'],
  ])('the prefix of %s on %s is %s', (url, base, prefix) => {
    expect(toPrefix(url, base)).toBe(prefix);
  });

  it.each([
    'https://name:secret@chat.example.org/everywire',
    'https://name@chat.example.org/everywire',
    'https://chat.example.org/everywire?tenant=7',
    'https://chat.example.org/everywire#room',
  ])('[SN-20.2] an address with a part that no request would carry is refused, without its secrets: %s', (url) => {
    expect(() => toPrefix(url)).toThrow(new TypeError('url: path only'));
  });

  it('a relative address is resolved as by `fetch`, in a worker against its origin', () => {
    vi.stubGlobal('origin', 'https://chat.example.org');
    expect(toPrefix('/everywire')).toBe('https://chat.example.org/everywire');
    // A frame with `srcdoc`, whose own address is `about:srcdoc`.
    vi.stubGlobal('document', { baseURI: 'https://api.example.org/room/' });
    expect(toPrefix('everywire')).toBe('https://api.example.org/room/everywire');
    vi.unstubAllGlobals();
  });

  it('an absolute address needs no origin, which is `null` in workerd and in sandboxed workers', () => {
    vi.stubGlobal('origin', 'null');
    expect(toPrefix('https://chat.example.org/everywire')).toBe('https://chat.example.org/everywire');
    expect(() => toPrefix('/everywire')).toThrow(TypeError);
    vi.unstubAllGlobals();
  });

  it('an invalid address is refused', () => {
    expect(() => toPrefix('everywire')).toThrow(TypeError);
  });
});
