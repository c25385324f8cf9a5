import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandClient, HandCounts, type Listening, listen, openByPost, post } from './hand-client.js';
import { heldBytes } from './held-bytes.js';

let server: Listening;
let honest: HandClient;
afterEach(() => server.end());

/** Starts an echo server with one honest client, which must not notice the hostile one. Returns all sessions. */
async function start(options: Parameters<typeof listen>[0] = {}): Promise<WireSession[]> {
  const opened: WireSession[] = [];
  server = await listen({
    ...options,
    onSession: (session) => {
      opened.push(session);
      session.onMessage = (data) => void session.send(data);
      options.onSession?.(session);
    },
  });
  honest = await HandClient.join(server.port);
  return opened;
}

/** Checks that the honest client still sends and receives on its original link, and that everything arrived. */
async function expectUnharmed(): Promise<void> {
  const before = honest.got.length;
  honest.send('still there');
  await eventually(() => honest.got.length === before + 1);
  expect(honest.got.at(-1)).toBe('still there');
  expect(honest.closeCode).toBe(0);
}

describe('a hostile peer', () => {
  it('[SN-3] a peer that never reads ends with overflow, with no more than a window in its socket', async () => {
    const [, ...none] = await start({
      limits: { down: { messages: 256, bytes: 1 << 20 }, bufferMessagesMax: 400, heartbeatMs: 60_000 },
    });
    expect(none).toEqual([]);
    const bad = await HandClient.join(server.port);
    bad.socket.pause();
    for (const session of server.wire.sessions()) session.join('room');
    const before = heldBytes();
    let ended = false;
    server.wire.sessions()[1]!.onClose = (verdict) => {
      expect(verdict).toMatchObject({ clean: false, code: 'overflow', sent: 400 });
      ended = true;
    };
    for (let i = 0; i < 401; i++) {
      server.wire.publish('room', 'x'.repeat(10_000));
      await eventually(() => honest.got.length === i + 1);
      if (i % 32 === 31) honest.acknowledge();
      // By now 4 MB are kept for it, once for all its readers; only a window may wait in its socket in addition.
      if (i === 399) expect(heldBytes() - before).toBeLessThan(5_500_000);
    }
    expect(ended).toBe(true);
    await expectUnharmed();
  });

  it('[SN-3] [TR-21.1] a peer that sends and never reads is cut when acknowledgements pile up', {
    tags: ['wide'],
  }, async () => {
    await start({
      limits: { undrainedBytesMax: 1_000, down: { messages: 4, bytes: 65_536 } },
      onSession: (session) => (session.onMessage = () => undefined),
    });
    const bad = await HandClient.join(server.port);
    bad.socket.pause();
    // Each quarter of a window is acknowledged; none is read. The kernel holds some megabytes of them.
    let sent = 0;
    const flood = setInterval(() => {
      for (let i = 0; i < 60; i++) bad.record({ t: 'probe', pad: 'x'.repeat(8_000) });
      sent += 60;
    }, 1);
    await eventually(() => server.notices.some((notice) => notice.code === 'slow_link'));
    clearInterval(flood);
    bad.socket.terminate();
    expect(sent).toBeGreaterThan(0);
    honest.send('nobody answers');
    expect(honest.closeCode).toBe(0);
  });

  it('[SN-22.3] a peer that sends more than its window is ended with hostile', async () => {
    let hold = true;
    await start({
      onSession: (session) => {
        session.onMessage = (data) =>
          hold && data !== 'still there' ? new Promise(() => undefined) : void session.send(data);
      },
    });
    const bad = await HandClient.join(server.port);
    for (let i = 0; i < 300; i++) bad.send(String(i));
    expect(await bad.heard('closed')).toMatchObject({ clean: false, code: 'hostile' });
    hold = false;
    await expectUnharmed();
  });

  it('[SN-14] a peer that opens sessions and confirms none evicts only unconfirmed ones', async () => {
    await start({ limits: { unconfirmedMax: 20 } });
    const ids: string[] = [];
    for (let i = 0; i < 60; i++) ids.push(await openByPost(server.base));
    const answers = await Promise.all(
      ids.map((id) =>
        post(`${server.base}/up`, {
          t: 'body',
          id,
          n: 1,
          instance: 1,
          first: 1,
          count: 0,
          ...new HandCounts().block,
        }).then((a) => a.json()),
      ),
    );
    const living = answers.filter((answer) => (answer as { t: string }).t === 'answer');
    expect(living).toHaveLength(20);
    expect(answers.at(-1)).toMatchObject({ t: 'answer' });
    expect(answers[0]).toMatchObject({ t: 'closed', code: 'unconfirmed' });
    await expectUnharmed();
  });

  it('[SN-4.7] a peer that ends sessions without end makes the server forget the oldest verdicts', async () => {
    await start({ limits: { unconfirmedMax: 1, verdictsMax: 5 } });
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) ids.push(await openByPost(server.base));
    const answers = await Promise.all(
      ids.map(async (id) => {
        const answer = await post(`${server.base}/up`, {
          t: 'body',
          id,
          n: 1,
          instance: 1,
          first: 1,
          count: 0,
          ...new HandCounts().block,
        });
        return ((await answer.json()) as { t: string }).t;
      }),
    );
    const count = (name: string): number => answers.filter((t) => t === name).length;
    expect([count('refused'), count('closed'), count('answer')]).toEqual([14, 5, 1]);
    await expectUnharmed();
  });

  it('[SN-20.3] a peer that requests tickets without end evicts only its own', async () => {
    await start({ limits: { ticketsMax: 10 } });
    const attach = { t: 'attach', id: await openByPost(server.base), n: 1, instance: 1, ...new HandCounts().block };
    const tickets: string[] = [];
    for (let i = 0; i < 30; i++)
      tickets.push(((await (await post(`${server.base}/ticket`, attach)).json()) as { ticket: string }).ticket);
    const status = async (ticket: string): Promise<number> => {
      const answer = await fetch(`${server.base}/event-stream?ticket=${ticket}`);
      await answer.body?.cancel();
      return answer.status;
    };
    expect(await status(tickets[0] as string)).toBe(204);
    expect(await status(tickets[29] as string)).toBe(200);
    await expectUnharmed();
  });

  it('[TR-9.3] [SN-43.1] a peer that opens more sessions than allowed gets `busy`', async () => {
    await start({ limits: { sessionsMax: 2 } });
    await openByPost(server.base);
    const answer = await post(`${server.base}/open`, { t: 'open', version: 2, nonce: 'the one that is too many' });
    expect([answer.status, await answer.json()]).toMatchObject([200, { t: 'refused', code: 'busy' }]);
    await expectUnharmed();
  });

  it('[TR-9.3] a peer beyond the concurrent token checks gets `busy`', async () => {
    let settle: (claims: { subject: string } | null) => void = () => undefined;
    server = await listen({
      limits: { authenticationsMax: 1 },
      authenticate: () => new Promise((resolve) => (settle = resolve)),
    });
    const first = post(`${server.base}/open`, { t: 'open', version: 2, nonce: 'one of a test, once' });
    const racing = post(`${server.base}/open`, { t: 'open', version: 2, nonce: 'one of a test, once' });
    const second = await post(`${server.base}/open`, { t: 'open', version: 2, nonce: 'another one of a test' });
    expect(await second.json()).toMatchObject({ t: 'refused', code: 'busy' });
    settle({ subject: 'ann' });
    const answers = await Promise.all([first, racing].map(async (answer) => (await answer).json()));
    expect(answers[0]).toMatchObject({ t: 'opened' });
    expect(answers[1]).toEqual(answers[0]);
  });

  it('[TR-9.3] a peer whose token check never completes is refused in time', async () => {
    server = await listen({ limits: { authenticateMs: 50 }, authenticate: () => new Promise(() => undefined) });
    const answer = await post(`${server.base}/open`, { t: 'open', version: 2, nonce: 'one of a test, once' });
    expect(await answer.json()).toMatchObject({ t: 'refused', code: 'busy' });
    expect(server.notices.map((notice) => notice.code)).toEqual(['authenticate_failed']);
  });

  it('[P8] [SN-2.7] a peer that sends garbage in every body harms neither its own session nor others', async () => {
    await start();
    const id = await openByPost(server.base);
    const counts = { n: 1, instance: 1, ...new HandCounts().block };
    const garbage = [
      '',
      '{',
      'null',
      '[]',
      '"x"',
      '{"t":1}',
      '\xff\xfe',
      '['.repeat(100_000),
      `{"t":"body","id":"${id}","m":[{}]}`,
    ];
    const records = [
      { t: 'body', id, first: 1, count: 1, ...counts },
      { t: 'body', id, first: 1, count: 1, m: [{ a: 1 }], ...counts },
      { t: 'body', id, first: 1, count: 1, m: [['*']], ...counts },
      { t: 'body', id, first: 0.5, count: 0, ...counts },
      { t: 'body', id, first: 1, count: 0, ...counts, ack: 2 ** 60 },
      { t: 'body', id, first: 1, count: 300, m: Array(300).fill('x'), ...counts },
      { t: 'opened', id, received: 0 },
    ];
    for (const body of [...garbage, ...records.map((record) => JSON.stringify(record))]) {
      for (const name of ['open', 'up', 'ticket', 'long-poll', 'event-stream', 'fetch-stream']) {
        const answer = await fetch(`${server.base}/${name}`, { method: 'POST', body });
        expect([400, 413]).toContain(answer.status);
      }
    }
    const answer = await post(`${server.base}/up`, { t: 'body', id, first: 1, count: 1, m: ['x'], ...counts });
    expect(await answer.json()).toMatchObject({ t: 'answer', received: 1 });
    await expectUnharmed();
  });

  it('[SN-5.9] a peer that states counts of another history ends its own session with lost', async () => {
    await start();
    const bad = await HandClient.join(server.port);
    bad.record({ t: 'ack', ...bad.counts.block, ack: 5, received: 5 });
    expect(await bad.heard('closed')).toMatchObject({ clean: false, code: 'lost' });
    await expectUnharmed();
  });

  it('[R1] a peer that guesses session ids learns nothing', async () => {
    await start();
    const answers = new Set<string>();
    for (const id of ['x', 'A'.repeat(22), '', '__proto__'.padEnd(22, 'x')]) {
      const answer = await post(`${server.base}/up`, {
        t: 'body',
        n: 1,
        instance: 1,
        id: id || 'y',
        first: 1,
        count: 0,
        ...new HandCounts().block,
      });
      answers.add(`${answer.status} ${await answer.text()}`);
    }
    expect([...answers]).toEqual(['200 {"t":"refused","code":"unknown","instance":1}']);
    await expectUnharmed();
  });

  it('[P2] [P12] a peer that disconnects within the answer to a poll loses nothing: the next poll repeats it', async () => {
    const opened = await start();
    const id = await openByPost(server.base);
    const attach = (n: number): string =>
      JSON.stringify({ t: 'attach', id, n, instance: 1, ...new HandCounts().block });
    const first = httpRequest(`${server.base}/long-poll`, { method: 'POST' });
    first.on('error', () => undefined);
    first.end(attach(1));
    const session = await eventually(() => (opened[1]?.transport === 'long-poll' ? opened[1] : undefined));
    session.send('x'.repeat(60_000));
    const [response] = (await once(first, 'response')) as [IncomingMessage];
    response.destroy();
    const again = await fetch(`${server.base}/long-poll`, { method: 'POST', body: attach(2) });
    const lines = (await again.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual([expect.objectContaining({ t: 'attached', first: 1 }), 'x'.repeat(60_000)]);
    await expectUnharmed();
  });
});
