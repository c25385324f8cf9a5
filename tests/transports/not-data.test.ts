import type { WireClient } from '@everywire/client';
import { createWireServer, WireError, type WireServer, type WireSession } from '@everywire/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Dialogue } from './dialogue.js';

const circular: Record<string, unknown> = {};
circular['itself'] = circular;

/** Values that are not data, and their names in errors. */
const notData: readonly (readonly [string, unknown])[] = [
  ['Object', { a: 1 }],
  ['Object', circular],
  ['Array', [1, 2]],
  ['Number', 5],
  ['Undefined', undefined],
  ['Null', null],
  ['Boolean', true],
  ['Function', () => 'data'],
  ['Object', { byteLength: 3 }],
  ['Number', 1e15],
];

const notices: { readonly code: string; readonly text: string }[] = [];
let talk: Dialogue;
let client: WireClient;
let session: WireSession;

beforeEach(async () => {
  notices.splice(0);
  talk = await Dialogue.start({ onNotice: (notice) => void notices.push(notice) });
  [client, session] = await talk.direct();
});
afterEach(() => talk.stop());

describe('values that are not data', { timeout: 60_000 }, () => {
  it.each(notData)('the server refuses a value that is not data, with advice: %s', async (name, value) => {
    const data = value as string;
    const text = (call: string): string =>
      `${call} takes a string, an ArrayBuffer or a view; got ${name}. JSON.stringify it`;
    expect(() => session.send(data)).toThrow(new TypeError(text('send')));
    await expect(session.send(data, { until: 'peer' })).rejects.toThrow(new TypeError(text('send')));
    expect(() => talk.wire.publish('empty topic', data)).toThrow(new TypeError(text('publish')));
    await expect(session.publish('empty topic', data)).rejects.toThrow(new TypeError(text('publish')));
    await expect(session.request(data)).rejects.toThrow(new TypeError(text('request')));
    // Nothing of it was sent, and the session is unharmed.
    const next = new Promise<{ readonly data: unknown }>((resolve) =>
      client.addEventListener('message', resolve, { once: true }),
    );
    session.send('next');
    expect((await next).data).toBe('next');
  });

  it.each(notData)('the client refuses a value that is not data, with advice: %s', async (_name, value) => {
    const data = value as string;
    const text = 'text or bytes only';
    expect(() => client.send(data)).toThrow(new TypeError(text));
    await expect(client.send(data, { until: 'peer' })).rejects.toThrow(new TypeError(text));
    await expect(client.request(data)).rejects.toThrow(new TypeError(text));
    const got = new Promise<unknown>((resolve) => {
      session.onMessage = (next) => resolve(next);
    });
    client.send('next');
    expect(await got).toBe('next');
  });

  it.each(notData)("a server handler's reply that is not data fails one request: %s", async (name, value) => {
    for (const reply of [value, Promise.resolve(value)]) {
      session.onRequest = () => reply as string;
      await expect(client.request('asked')).rejects.toMatchObject({ code: 'internal' });
    }
    expect(notices.map(({ code }) => code)).toEqual(['handler_failed']);
    expect(notices[0]?.text).toContain(`got ${name}. JSON.stringify it`);
    session.onRequest = () => 'reply';
    expect(await client.request('asked')).toBe('reply');
  });

  it.each(notData)("a client handler's reply that is not data fails one request: %s", async (_name, value) => {
    for (const reply of [value, Promise.resolve(value)]) {
      client.onrequest = () => reply as string;
      await expect(session.request('asked')).rejects.toMatchObject({ code: 'internal' });
    }
    client.onrequest = () => 'reply';
    expect(await session.request('asked')).toBe('reply');
  });

  it('the client refuses a Blob as a request', async () => {
    await expect(client.request(new Blob(['x']) as unknown as string)).rejects.toThrow(TypeError);
  });
});

describe('data', () => {
  it('data may be bytes of any kind at the server too', async () => {
    const got: unknown[] = [];
    client.addEventListener('message', ({ data }) => got.push([...new Uint8Array(data as ArrayBuffer)]));
    const bytes = Uint8Array.of(9, 1, 2, 3, 4, 9);
    const views = [bytes.subarray(1, 5), new DataView(bytes.buffer, 1, 4), bytes.slice(1, 5).buffer];
    for (const view of [...views, new Uint16Array(bytes.slice(1, 5).buffer)]) session.send(view);
    session.join('topic');
    talk.wire.publish('topic', new DataView(bytes.buffer, 1, 4));
    await session.send(views[0] as Uint8Array, { until: 'peer' });
    expect(got).toEqual(Array.from({ length: 6 }, () => [1, 2, 3, 4]));
  });
});

describe('a failing onRequest', { timeout: 60_000 }, () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('a secret');
      },
    ],
    ['rejects', () => Promise.reject(new Error('a secret'))],
    ['fails by the system', () => Promise.reject(Object.assign(new Error('a secret'), { code: 'ENOENT' }))],
  ])('an onRequest that %s is reported to the operator, and harms only its request', async (_how, handler) => {
    session.onRequest = handler;
    await expect(client.request('asked')).rejects.toMatchObject({ code: 'internal' });
    expect(notices).toMatchObject([{ code: 'handler_failed', text: expect.stringContaining('onRequest of session') }]);
    expect(notices[0]?.text).toContain('not-data.test.ts');
    expect(notices[0]?.text).not.toContain('secret');
    expect(talk.wire.counters()).toEqual({ handler_failed: 1 });
    session.onRequest = () => 'reply';
    expect(await client.request('asked')).toBe('reply');
  });

  it('an onRequest that throws a code of its own is an answer, and no notice', async () => {
    session.onRequest = () => {
      throw new WireError('of_the_test', { message: 'details' });
    };
    await expect(client.request('asked')).rejects.toMatchObject({ code: 'of_the_test', message: 'details' });
    expect(notices).toEqual([]);
  });
});

describe('publish', () => {
  const tooBig = 'x'.repeat(70_000);
  const alone = (): WireServer => createWireServer({ onSession: () => undefined });

  it('publish checks topic, data and size even if the topic has no members', () => {
    const wire = alone();
    expect(() => wire.publish('empty', tooBig)).toThrow(expect.objectContaining({ code: 'message_too_big' }));
    expect(() => wire.publish('empty', new Uint8Array(70_000))).toThrow(WireError);
    for (const topic of [5, undefined, '', 'x'.repeat(257)] as string[])
      expect(() => wire.publish(topic, 'data')).toThrow(expect.objectContaining({ code: 'topic_invalid' }));
  });

  it('publish after close checks the same, and reaches no one here', async () => {
    const wire = alone();
    await wire.close();
    expect(wire.publish('topic', 'data')).toBeUndefined();
    expect(() => wire.publish('topic', tooBig)).toThrow(WireError);
    expect(() => wire.publish('topic', {} as string)).toThrow(TypeError);
  });
});
