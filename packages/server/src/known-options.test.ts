import { describe, expect, it } from 'vitest';
import { createWireServer } from './create-wire-server.js';
import type { WireServerOptions } from './wire-server.js';

// Tests that `createWireServer` refuses unknown names of options and limits, which it would otherwise ignore.

const create = (options: object) => (): unknown =>
  createWireServer({ onSession: () => undefined, ...options } as WireServerOptions);

describe('knownOptions', () => {
  it.each([
    [{ onMesage: () => undefined }, 'onMesage: is not an option; did you mean onRawMessage?'],
    [{ orgins: [] }, 'orgins: is not an option; did you mean origins?'],
    [{ trustedproxies: [] }, 'did you mean trustedProxies?'],
    [{ toString: 1 }, 'toString: is not an option'],
    [{ limits: { heartbeat: 1 } }, 'limits.heartbeat: is not an option; did you mean limits.heartbeatMs?'],
    [{ limits: { maxMessageBytes: 1 } }, 'did you mean limits.messageBytesMax?'],
    [{ limits: { authenticateTimeout: 1 } }, 'did you mean limits.authenticateMs?'],
    [
      { limits: { down: { messages: 1_024, byte: 1 } } },
      'limits.down.byte: is not an option; did you mean limits.down.bytes?',
    ],
    [{ node: { name: 'a', key: 'b' } }, 'node.key: is not an option'],
    [{ flashPolicy: { domain: ['a'] } }, 'flashPolicy.domain: is not an option; did you mean flashPolicy.domains?'],
    [{ ['x'.repeat(100_000)]: 1 }, 'is not an option'],
  ])('createWireServer refuses %o by name', (options, text) => {
    expect(create(options)).toThrow(TypeError);
    expect(create(options)).toThrow(text);
  });

  it('an option or a limit that is undefined counts as absent', async () => {
    const options = { nonsense: undefined, path: undefined, node: undefined };
    const limits = { nonsense: undefined, messageBytesMax: undefined, tickMs: undefined };
    expect(create({ ...options, limits })).not.toThrow();
    expect(create({ limits: undefined })).not.toThrow();
  });

  it('createWireServer refuses to be called without options', () => {
    expect(() => createWireServer(undefined as never)).toThrow('options: must be an object');
  });
});
