import { describe, expect, it } from 'vitest';
import { LocatorCodec } from './locator.js';

// Tests `LocatorCodec`. A locator is the end of a session id: it names the server node that has the session and this
// start of the node, signed with a secret that all nodes share.

const secret = 'a secret that all nodes share';
/** The random part of a session id. */
const key = 'x'.repeat(22);

describe('Locators', () => {
  it('[SN-20.8] Locators names the node and incarnation, readable by each node with the same secret', () => {
    const a = new LocatorCodec({ name: 'a', secret });
    const b = new LocatorCodec({ name: 'b', secret });
    expect(a.own).toMatch(/^\.a\.[\w-]{8}\.[\w-]{16}$/);
    expect(b.read(key + a.own)).toMatchObject({ node: 'a' });
    expect(b.elsewhere(key + a.own)).toBe('a');
    expect(b.elsewhere(key + b.own)).toBeNull();
  });

  it('[SN-20.8] Locators changes its locator after a restart', () => {
    const [before, after] = [new LocatorCodec({ name: 'a', secret }), new LocatorCodec({ name: 'a', secret })];
    expect(after.own).not.toBe(before.own);
    expect(after.elsewhere(key + before.own)).toBeNull();
  });

  it('[SN-20.8] [SN-25] Locators refuses forged locators', () => {
    const a = new LocatorCodec({ name: 'a', secret });
    const stranger = new LocatorCodec({ name: 'b', secret: 'another secret of some length' });
    expect(a.read(key + stranger.own)).toBeNull();
    const id = key + a.own;
    for (let at = key.length; at < id.length; at += 1) {
      const forged = `${id.slice(0, at)}${id[at] === 'A' ? 'B' : 'A'}${id.slice(at + 1)}`;
      // Only the last characters of base64 may be ambiguous; sixteen characters are exactly twelve bytes.
      expect(a.read(forged), forged).toBeNull();
    }
    for (const text of ['', key, `${key}.a`, `${a.own}`, `${key}.a.b.${'c'.repeat(400)}`])
      expect(a.read(text)).toBeNull();
  });

  it('Locators refuses an invalid name or secret', () => {
    for (const name of ['', 'a.b', 'x'.repeat(33), 'ä'])
      expect(() => new LocatorCodec({ name, secret })).toThrow(TypeError);
    expect(() => new LocatorCodec({ name: 'a', secret: 'short' })).toThrow(TypeError);
  });
});
