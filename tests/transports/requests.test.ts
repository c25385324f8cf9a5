import { WireError as ClientError, type WireClient } from '@everywire/client';
import { WireError, type WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { wideUnless } from '../lane.js';
import { Dialogue, oneOfEachKind, until } from './dialogue.js';

let talk: Dialogue;
afterEach(() => talk.stop());

type Data = string | Uint8Array;
type Handler = (data: Data, context: { readonly signal: AbortSignal }) => Data | Promise<Data>;

/** Both directions are one table: which end sends the request, and where the handler is set. */
const directions = [
  {
    from: 'client',
    sides: ([client, session]: readonly [WireClient, WireSession]) => ({
      asker: client as Pick<WireSession, 'request'>,
      handle: (handler: Handler | null): void => {
        session.onRequest = handler;
      },
    }),
    Failure: WireError,
  },
  {
    from: 'server',
    sides: ([client, session]: readonly [WireClient, WireSession]) => ({
      asker: session as Pick<WireSession, 'request'>,
      handle: (handler: Handler | null): void => {
        client.onrequest = handler;
      },
    }),
    Failure: ClientError,
  },
] as const;

const cases = oneOfEachKind.flatMap((name) => directions.map((direction) => ({ name, ...direction })));

for (const { name, from, sides, Failure } of cases) {
  describe(`over ${name}, from the ${from}, a request`, {
    timeout: 60_000,
    tags: wideUnless(name === 'websocket'),
  }, () => {
    async function start(): Promise<ReturnType<typeof sides> & { pair: readonly [WireClient, WireSession] }> {
      talk = await Dialogue.start({ limits: { requestsMax: 4 } });
      const pair = await talk.pair(name);
      return { ...sides(pair), pair };
    }

    it('[SN-31.2] a request gets its reply, text and binary unchanged', async () => {
      const { asker, handle } = await start();
      handle((data) => (typeof data === 'string' ? `re: ${data}` : data.map((byte) => 255 - byte)));
      const text = '\0 "é\u2028" </script>';
      expect(await asker.request(text)).toBe(`re: ${text}`);
      expect(await asker.request(Uint8Array.of(0, 1, 255))).toEqual(Uint8Array.of(255, 254, 0));
      expect(await asker.request('')).toBe('re: ');
      expect(await asker.request(new Uint8Array(0))).toEqual(new Uint8Array(0));
    });

    it('[SN-31.4] a request is answered once through cuts, and a slow one delays no other', async () => {
      const { asker, handle } = await start();
      const asked: Data[] = [];
      let last = (_reply: string): void => undefined;
      handle((data) => {
        asked.push(data);
        return data === 'slow' ? new Promise((done) => (last = done)) : Promise.resolve(`re: ${String(data)}`);
      });
      const slow = asker.request('slow');
      for (let i = 0; i < 12; i++) {
        const reply = asker.request(String(i));
        if (i % 3 === 1) talk.proxy.cutNow(i % 2 ? 'reset' : 'end');
        expect(await reply).toBe(`re: ${i}`);
      }
      last('at last');
      expect(await slow).toBe('at last');
      expect(asked).toEqual(['slow', ...Array.from({ length: 12 }, (_, i) => String(i))]);
      expect(talk.proxy.counters.cuts).toBeGreaterThan(0);
    });

    it('[SN-31.2] a request fails with the code its handler threw, and nothing else of the error', async () => {
      const { asker, handle } = await start();
      await expect(asker.request('?')).rejects.toMatchObject({ code: 'no_handler', unknown: false });
      const thrown: unknown[] = [
        new Failure('no_such_room'),
        Object.assign(new Error('SELECT secret'), { code: 'not_found' }),
        new Error('secret'),
        Object.assign(new Error('/etc/secret'), { code: 'ENOENT' }),
        undefined,
      ];
      handle(() => {
        throw thrown.shift();
      });
      const failures: unknown[] = [];
      while (thrown.length > 0) failures.push(await asker.request('?').catch((error: unknown) => error));
      handle(async () => Promise.reject(new Failure('late_no')));
      failures.push(await asker.request('?').catch((error: unknown) => error));
      expect(failures.map((error) => (error as WireError).code)).toEqual([
        'no_such_room',
        'not_found',
        'internal',
        'internal',
        'internal',
        'late_no',
      ]);
      expect(JSON.stringify(failures.map((error) => [(error as Error).message, error]))).not.toContain('secret');
      expect(failures[0]).toMatchObject({
        name: 'WireError',
        docs: 'docs/guides/errors.md#no_such_room',
      });
    });

    it('[SN-31.7] a request times out or is aborted, and its late reply is dropped', async () => {
      const { asker, handle } = await start();
      const replies: ((reply: string) => void)[] = [];
      handle((data) => (data === 'now' ? 'then' : new Promise((done) => replies.push(done))));
      const abort = new AbortController();
      const aborted = asker.request('a', { signal: abort.signal });
      await expect(asker.request('t', { timeoutMs: 40 })).rejects.toMatchObject({ code: 'timeout', unknown: true });
      await until(() => replies.length === 2);
      abort.abort();
      await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
      for (const reply of replies) reply('late');
      expect(await asker.request('now')).toBe('then');
    });

    it('[SN-3] [SN-31.5] [SN-31.6] a request is refused beyond the limit, at either end', async () => {
      const { asker, handle } = await start();
      const replies: ((reply: string) => void)[] = [];
      handle(() => new Promise((done) => replies.push(done)));
      const many = Array.from({ length: 70 }, () => asker.request('?').catch((error: WireError) => error.code));
      await until(() => replies.length >= 4);
      for (const reply of replies) reply('held');
      handle(() => 'held');
      const codes = await Promise.all(many);
      expect(codes.filter((code) => code === 'too_many_requests').length).toBeGreaterThanOrEqual(6);
      expect(codes.filter((code) => code === 'held').length).toBeGreaterThanOrEqual(4);
      await expect(asker.request('x'.repeat(65_536))).rejects.toMatchObject({ code: 'message_too_big' });
      handle(() => 'x'.repeat(65_536));
      await expect(asker.request('?')).rejects.toMatchObject({ code: 'reply_too_big' });
    });

    it("[SN-31] a request fails when the session ends, and its handler's signal is aborted", async () => {
      const { asker, handle, pair } = await start();
      let signal: AbortSignal | undefined;
      handle((_data, context) => {
        signal = context.signal;
        return new Promise(() => undefined);
      });
      const asked = asker.request('?');
      await until(() => signal !== undefined);
      pair[1].end('revoked');
      await expect(asked).rejects.toMatchObject({ code: 'revoked', unknown: true });
      await until(() => signal?.aborted === true);
    });
  });
}

it('[SN-31] a request keeps its place among messages sent before and after', async () => {
  const got: Data[] = [];
  talk = await Dialogue.start({
    onSession: (session) => {
      session.onMessage = (data) => void got.push(data);
      session.onRequest = (data) => {
        got.push(data);
        return data;
      };
    },
  });
  const client = talk.client('websocket');
  client.send('1');
  const asked = client.request('2');
  client.send(new Blob(['3']));
  client.send('4');
  expect(await asked).toBe('2');
  const kept = client.send('5', { until: 'server' });
  client.send('6');
  await kept;
  await until(() => got.length === 6);
  expect(got).toEqual(['1', '2', new Uint8Array([0x33]), '4', '5', '6']);
});
