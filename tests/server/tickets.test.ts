import { createEventStreamDecoder, createJsonLinesDecoder } from '@everywire/protocol/internal';
import type { WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandCounts, type Listening, listen, openByPost, post } from './hand-client.js';

// A ticket is a random, short-lived, single-use replacement of a session id, for transports that can only send a GET.

type Fields = Readonly<Record<string, unknown>>;

let server: Listening;
let session: WireSession | undefined;
const stops: AbortController[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) stop.abort();
  await server.end();
});

/** An answer that is being read: its records and messages so far. */
interface Answer {
  readonly status: number;
  readonly records: Fields[];
  readonly got: unknown[];
  readonly stop: () => void;
}

/** Sends one GET and reads the answer as it arrives. */
async function get(name: string, query: string): Promise<Answer> {
  const stop = new AbortController();
  stops.push(stop);
  const response = await fetch(`${server.base}/${name}?${query}`, { signal: stop.signal });
  const answer: Answer = { status: response.status, records: [], got: [], stop: () => stop.abort() };
  const sink = {
    onRecord: (record: object) => void answer.records.push(record as Fields),
    onMessage: ({ data }: { data: unknown }) => void answer.got.push(data),
  };
  const decoder = name === 'event-stream' ? createEventStreamDecoder(sink, 1e6) : createJsonLinesDecoder(sink, 1e6);
  const read = async (): Promise<void> => {
    for await (const chunk of response.body ?? []) decoder.feed(chunk as Uint8Array);
  };
  read().catch(() => undefined);
  return answer;
}

/** Opens a session and returns its first ticket. */
async function firstTicket(): Promise<string> {
  const id = await openByPost(server.base);
  const attach = { t: 'attach', id, n: 1, instance: 1, ...new HandCounts().block };
  return ((await (await post(`${server.base}/ticket`, attach)).json()) as { ticket: string }).ticket;
}

/** Returns the next ticket, which each answer contains. */
async function nextTicket(answer: Answer): Promise<string> {
  const record = await eventually(() => answer.records.find(({ t }) => t === 'ticket'));
  return String(record['ticket']);
}

describe('a transport that can only GET', () => {
  it('[SN-41.6] [TR-11.6] a GET transport with the ticket of another client is refused, and the ticket stays valid for that client', async () => {
    server = await listen({ onSession: (opened) => (session = opened) });
    const stream = await get('event-stream', `ticket=${await firstTicket()}`);
    const next = await nextTicket(stream);
    stream.stop();
    const others = '&n=7&instance=2&ack=9&received=9&seen=9&sent=9&sum=9';
    expect((await fetch(`${server.base}/event-stream?ticket=${next}${others}`)).status).toBe(204);
    const again = await get('event-stream', `ticket=${next}&n=2&instance=1`);
    expect(await eventually(() => again.records.find(({ t }) => t === 'attached'))).toMatchObject({
      n: 2,
      instance: 1,
    });
  });

  it('[SN-20.3] a GET transport gets its next ticket in each stream, valid once, with its updated counts', async () => {
    server = await listen({ onSession: (opened) => (session = opened) });
    const stream = await get('event-stream', `ticket=${await firstTicket()}`);
    session?.send('one');
    await eventually(() => stream.got.length === 1);
    const next = await nextTicket(stream);
    const counts = new HandCounts();
    counts.took('one');
    stream.stop();
    const counted = `ack=1&received=1&seen=0&sent=0&sum=${counts.block['sum']}`;
    const again = await get('event-stream', `ticket=${next}&n=2&${counted}`);
    await eventually(() => again.records.length > 1);
    expect(again.records[0]).toMatchObject({ t: 'attached', first: 2, seen: 1 });
    expect(session?.bufferedAmount).toBe(0);
    expect(await nextTicket(again)).not.toBe(next);
    expect((await get('event-stream', `ticket=${next}&n=3&${counted}`)).status).toBe(204);
  });

  it('[SN-20.3] a GET transport may reconnect with nothing but the ticket, as a browser does: then unacknowledged messages are repeated', async () => {
    server = await listen({ onSession: (opened) => (session = opened) });
    const stream = await get('event-stream', `ticket=${await firstTicket()}`);
    session?.send('one');
    await eventually(() => stream.got.length === 1);
    const again = await get('event-stream', `ticket=${await nextTicket(stream)}`);
    await eventually(() => again.got.length === 1);
    expect(again.records[0]).toMatchObject({ t: 'attached', first: 1 });
  });

  it('[SN-20.3] a ticket stays valid for a while after its stream has ended, not longer', async () => {
    let time = 1_000;
    server = await listen({ now: () => time, onSession: (opened) => (session = opened) });
    const stream = await get('event-stream', `ticket=${await firstTicket()}`);
    const next = await nextTicket(stream);
    time += 60_000;
    const second = await get('event-stream', `ticket=${next}`);
    expect(second.status).toBe(200);
    const last = await nextTicket(second);
    second.stop();
    stream.stop();
    await eventually(() => session?.transport === null);
    time += 10_000;
    expect((await get('event-stream', `ticket=${last}`)).status).toBe(204);
  });

  it('[SN-20.3] [TR-14.3] a poll by GET with a spent ticket is answered with a refusal', async () => {
    server = await listen({ onSession: (opened) => (session = opened) });
    const ticket = await firstTicket();
    const polling = get('long-poll', `ticket=${ticket}`);
    await eventually(() => session?.transport === 'long-poll');
    session?.send('one');
    const poll = await polling;
    await eventually(() => poll.got.length === 1);
    expect(poll.records.map(({ t }) => t)).toEqual(['attached', 'ticket']);
    const spent = await get('long-poll', `ticket=${ticket}`);
    expect(spent.status).toBe(200);
    await eventually(() => spent.records.length > 0);
    expect(spent.records).toEqual([{ t: 'refused', code: 'ticket' }]);
    const counts = new HandCounts();
    counts.took('one');
    const counted = `n=2&ack=1&received=1&seen=0&sent=0&sum=${counts.block['sum']}`;
    const next = get('long-poll', `ticket=${await nextTicket(poll)}&${counted}`);
    await eventually(() => session?.bufferedAmount === 0);
    session?.send('two');
    const answer = await next;
    await eventually(() => answer.got.length === 1);
    expect(answer.got).toEqual(['two']);
  });

  it('[SN-2.6] [TR-11.7] a GET transport with invalid counts is refused, and its ticket is spent', async () => {
    server = await listen();
    const ticket = await firstTicket();
    expect((await get('event-stream', `ticket=${ticket}&ack=-1`)).status).toBe(400);
    expect((await get('event-stream', `ticket=${ticket}`)).status).toBe(204);
  });

  it.each(['in the attach', 'in the address'])(
    '[SN-4.5] a GET transport closes with the checksum of everything it sent, %s',
    async (place) => {
      server = await listen({ onSession: (opened) => (session = opened) });
      const verdict = async (lastSum: number): Promise<Fields | undefined> => {
        const id = await openByPost(server.base);
        const attach = { t: 'attach', id, n: 1, instance: 1, ...new HandCounts().block };
        const counted = { last: 0, lastSum };
        const issued = await post(
          `${server.base}/ticket`,
          place === 'in the attach' ? { ...attach, ...counted } : attach,
        );
        const { ticket } = (await issued.json()) as { ticket: string };
        const query = place === 'in the attach' ? '' : `&last=0&lastSum=${lastSum}`;
        const { records } = await get('event-stream', `ticket=${ticket}${query}`);
        return eventually(() => records.find(({ t }) => t === 'closed'));
      };
      expect(await verdict(0)).toMatchObject({ clean: true, code: 'closed' });
      expect(await verdict(7)).toMatchObject({ clean: false, code: 'lost' });
    },
  );
});
