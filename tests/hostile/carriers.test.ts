import { describe, expect } from 'vitest';
import { bodyOf, openByPost, post } from '../server/hand-client.js';
import { hostileRow } from './hostile-row.js';

const names = ['open', 'up', 'ticket', 'long-poll', 'event-stream', 'fetch-stream'];

/** POSTs the text and returns the status and body of the answer. */
async function postText(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body, headers });
  return `${answer.status} ${await answer.text()}`;
}

describe('a carrier', () => {
  const deep = '['.repeat(100_000);
  const bodies = [
    deep,
    `{"t":"body","m":${deep}`,
    '{"a":'.repeat(100_000),
    `{${Array.from({ length: 10_000 }, (_, at) => `"k${at}":1`).join(',')}}`,
    `{"t":"body","first":${'9'.repeat(1 << 20)},"id":"x","count":0}`,
    `{"t":"body","first":1e400,"id":"x","count":0}`,
  ];
  hostileRow(
    '[P9] a carrier of deep or wide JSON, or with a number of a megabyte, is refused',
    { notice: 'malformed' },
    async ({ base }) => {
      for (const name of names)
        for (const body of bodies) expect(await postText(`${base}/${name}`, body)).toMatch(/^4(00|13) /);
    },
  );

  const evil = { origin: 'https://evil.example', cookie: 'session=good', 'sec-fetch-site': 'cross-site' };
  hostileRow(
    '[P10] a carrier from a form of another site is refused, regardless of its type and cookies',
    { notice: 'origin_refused' },
    async ({ base }) => {
      const id = await openByPost(base);
      // A form of text/plain puts `=` between a name and a value: this is nevertheless JSON.
      const body = JSON.stringify(bodyOf(id, { count: 1, m: ['from a form'], x: '=' }));
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
        expect(await postText(`${base}/up`, body, { ...evil, 'content-type': type })).toMatch(/^403 /);
      // A cookie grants nothing: without the id there is nothing to write to.
      const without = JSON.stringify(bodyOf('unknown'));
      expect(await postText(`${base}/up`, without, { cookie: evil.cookie })).toBe(
        '200 {"t":"refused","code":"unknown","instance":1}',
      );
    },
  );

  hostileRow('[P14] a carrier gets the same answer for every session that does not exist', {}, async ({ base }) => {
    const id = await openByPost(base);
    const foreign = await openByPost(base);
    const ids = [
      'x',
      'A'.repeat(22),
      `${id.slice(0, 21)}${id[21] === 'A' ? 'B' : 'A'}${id.slice(22)}`,
      `${foreign.slice(0, 22)}.forged`.replace(/^./, '_'),
      `${'A'.repeat(22)}.bm9kZQ.AAAAAAAAAAAAAAAAAAAAAA`,
    ];
    const answers = new Set<string>();
    for (const one of ids) {
      const answer = await post(`${base}/up`, bodyOf(one));
      answers.add(`${answer.status} ${await answer.text()} ${[...answer.headers.keys()].join()}`);
    }
    expect([...answers]).toEqual([expect.stringMatching(/^200 \{"t":"refused","code":"unknown","instance":1\} /)]);
  });
});

describe('sessions that are never confirmed', () => {
  const limits = { unconfirmedPerAddressMax: 200, unconfirmedMs: 1_500, tombstoneMs: 1_500 };
  // A fiftieth of 100,000 a minute, all at the same time.
  hostileRow(
    '[P13] sessions that are never confirmed evict those of their own address, and expire',
    { limits, notice: 'unconfirmed' },
    async (target) => {
      const open = (at: number): Promise<unknown> => openByPost(target.base, `a carrier of nobody, ${at}`);
      for (let at = 0; at < 200; at += 20) await Promise.all(Array.from({ length: 20 }, (_, one) => open(at + one)));
      const some = await target.report();
      for (let at = 200; at < 2_000; at += 20)
        await Promise.all(Array.from({ length: 20 }, (_, one) => open(at + one)));
      const many = await target.report();
      expect(many.sessions).toBeLessThanOrEqual(201);
      // Ten times as many were opened; only their verdicts are held, and those expire too.
      expect((many.bytes - some.bytes) / 1_800).toBeLessThan(4_096);
      await target.until(({ sessions }) => sessions === 1);
    },
  );
});
