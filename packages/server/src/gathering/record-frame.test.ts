import { sessionLimits } from '@everywire/protocol';
import { frameEncoding } from '@everywire/protocol/internal';
import { describe, expect, it } from 'vitest';
import { recordFrame } from './record-frame.js';

// Tests `recordFrame`, a faster encoder for records that open a session. It returns text with one character for each
// byte, if possible.

describe('recordFrame', () => {
  it.each([
    ['short', { t: 'refused', code: 'busy' } as const],
    ['long', { t: 'opened', id: 'an id', nonce: 'a nonce', received: 0, limits: sessionLimits } as const],
    [
      'with features',
      { t: 'opened', id: 'a', nonce: 'b', received: 3, limits: sessionLimits, features: 'typed' } as const,
    ],
    [
      'of another server',
      {
        t: 'opened',
        id: 'a',
        nonce: 'b',
        received: 3,
        limits: { ...sessionLimits, heartbeatMs: 7 },
        features: 'typed',
      } as const,
    ],
    ['longest', { t: 'reset', topic: 'x'.repeat(70_000), no: 1 } as const],
    ['beyond ASCII', { t: 'reset', topic: 'Zoë \u2028 \u{1f600}', no: 1 } as const],
  ])('[SN-16.3] recordFrame encodes like frameEncoding: %s', (_name, record) => {
    const frame = recordFrame(record);
    const bytes = typeof frame === 'string' ? Buffer.from(frame, 'latin1') : frame;
    expect(Buffer.compare(bytes, frameEncoding.encodeRecord(record))).toBe(0);
  });
});
