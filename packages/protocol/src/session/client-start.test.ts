import { describe, expect, it } from 'vitest';
import { sessionLimits } from '../limits.js';
import { type Message, messageFromText } from '../message.js';
import type { ClientRecord, ServerRecord } from '../record.js';
import { ClientSession } from './client-session.js';
import { ClientStart } from './client-start.js';
import type { ClientIo, ClientLinkEnd, ClientLinkView, Verdict } from './contract.js';
import { duplex } from './test-kit/client-bench.js';
import { counts, sumOf } from './test-kit/server-bench.js';

// Tests `ClientStart`, the small first stage of a client session. It opens and uses one link; everything else waits for
// the second stage, `ClientSession`, whose code loads later and which takes over by `ClientSession.adopt`.

/** The server's answer to `attach`. */
const attached = { t: 'attached', first: 1, ...counts(), n: 1, instance: 1 } as const;

/** A session, at first in its first stage, with everything that it hands to its shell. The test plays the server. */
class Bench {
  now = 0;
  session: ClientStart | ClientSession;
  readonly links: ClientLinkView[] = [];
  readonly heads: (ClientRecord | undefined)[] = [];
  readonly written: (ClientRecord | string)[] = [];
  readonly delivered: Message[] = [];
  readonly endings: ClientLinkEnd[] = [];
  readonly #io: ClientIo;
  readonly start: ClientStart;
  verdict: Verdict | undefined;
  nonces = 0;

  constructor() {
    this.#io = this.#createIo();
    this.start = new ClientStart(this.#io, { instance: 1 });
    this.session = this.start;
  }

  /** Opens and attaches a session that has received nothing. */
  static attached(): Bench {
    const bench = new Bench();
    bench.session.start(0);
    bench.session.linkOpened(bench.link, 0, true);
    bench.record({ t: 'opened', id: 'id 1', nonce: 'nonce 1', received: 0, limits: sessionLimits });
    bench.record(attached);
    bench.written.length = 0;
    return bench;
  }

  get link(): ClientLinkView {
    return this.links.at(-1) as ClientLinkView;
  }

  record(record: ServerRecord): void {
    this.now += 10;
    this.session.record(this.link, record, this.now);
  }

  /** Sends messages as the server. */
  receive(...texts: string[]): void {
    for (const text of texts) this.session.message(this.link, messageFromText(text), this.now);
    this.session.flush(this.now);
  }

  send(...texts: string[]): void {
    for (const text of texts) this.session.send(messageFromText(text));
    this.session.flush(this.now);
  }

  /** Starts the second stage. */
  adopt(): ClientSession {
    const session = ClientSession.adopt(this.start, this.#io, this.now);
    this.session = session;
    session.flush(this.now);
    return session;
  }

  #createIo(): ClientIo {
    return {
      choose: () => duplex,
      connect: (link, head) => {
        this.links.push(link);
        this.heads.push(head);
      },
      writeRecord: (_, record) => this.written.push(record),
      writeMessages: (_, source, first, last) => {
        for (let number = first; number <= last; number += 1) this.written.push(source.messageAt(number).text);
      },
      end: (_, reason) => this.endings.push(reason),
      deliver: (message) => {
        this.delivered.push(message);
        this.session.consumed(message);
      },
      ended: (verdict) => {
        this.verdict = verdict;
      },
      drain: () => undefined,
      changed: () => undefined,
      proven: () => undefined,
      renew: () => undefined,
      failed: () => undefined,
      reset: () => undefined,
      schedule: () => undefined,
      timer: () => undefined,
      random: () => 1,
      nonce: () => {
        this.nonces += 1;
        return `nonce ${this.nonces}`;
      },
      token: () => undefined,
    };
  }
}

describe('the first stage alone', () => {
  it('[SN-5.2] [SN-40.2] the first stage opens and attaches in the handshake and carries messages in both directions', () => {
    const bench = new Bench();
    bench.send('a');
    bench.session.start(0);
    bench.session.linkOpened(bench.link, 0, true);
    bench.record({ t: 'opened', id: 'id 1', nonce: 'nonce 1', received: 0, limits: sessionLimits });
    bench.record(attached);
    bench.receive('x', 'y');
    bench.send('b');
    expect(bench.heads).toEqual([{ t: 'open', nonce: 'nonce 1', features: 'typed', instance: 1 }]);
    expect(bench.written).toEqual([{ t: 'from', first: 1 }, 'a', 'b']);
    expect(bench.delivered.map(({ text }) => text)).toEqual(['x', 'y']);
    expect(bench.links).toHaveLength(1);
  });

  it('[SN-6.2] the first stage acknowledges a quarter of the window, [SN-15.3] and answers pings', () => {
    const bench = Bench.attached();
    bench.receive(...Array.from({ length: 64 }, () => 'x'));
    expect(bench.written).toMatchObject([{ t: 'ack', ack: 64, received: 64 }]);
    bench.record({ t: 'ping', at: 64, ...counts({ sent: 64, seen: 64 }) });
    expect(bench.written[1]).toMatchObject({ t: 'pong', at: 0, ack: 64 });
  });

  it('[SN-4.2] [SN-4.7] the first stage states its last message when it closes and accepts the verdict', () => {
    const bench = Bench.attached();
    bench.send('a');
    bench.session.close();
    bench.session.flush(20);
    expect(bench.written).toMatchObject(['a', { t: 'ack', last: 1 }]);
    bench.record({ t: 'closed', clean: true, code: 'closed', ack: 1 });
    expect(bench.verdict).toMatchObject({ clean: true, acknowledged: 1, unknown: 0 });
    expect(bench.endings).toEqual(['closed']);
  });

  it('[SN-14.16] the first stage ends with `message_too_big` if a buffered message exceeds the server’s limit', () => {
    const bench = new Bench();
    bench.send('x'.repeat(5000));
    bench.session.start(0);
    bench.session.linkOpened(bench.link, 0, true);
    const limits = { ...sessionLimits, messageBytesMax: 4096 };
    bench.record({ t: 'opened', id: 'id 1', nonce: 'nonce 1', received: 0, limits });
    expect(bench.verdict).toMatchObject({ clean: false, code: 'message_too_big', unknown: 1 });
  });

  it('[SN-5.7] the first stage ends with `lost` on impossible counts', () => {
    const bench = Bench.attached();
    bench.record({ t: 'ack', ...counts({ received: 1 }) });
    expect(bench.verdict).toMatchObject({ clean: false, code: 'lost' });
  });
});

describe('the second stage', () => {
  it('the second stage takes over the counts, the buffer, the nonce and the link of the first', () => {
    const bench = Bench.attached();
    bench.receive('x');
    bench.send('a', 'b');
    const session = bench.adopt();
    expect(bench.nonces).toBe(1);
    bench.receive('y');
    bench.send('c');
    // The server’s requests to the first stage are not known, so everything settled meanwhile is acknowledged.
    expect(bench.written).toEqual([
      'a',
      'b',
      { t: 'ack', ...counts({ ack: 1, received: 1, sent: 2, sum: sumOf('x') }) },
      'c',
    ]);
    expect(bench.delivered.map(({ text }) => text)).toEqual(['x', 'y']);
    bench.record({ t: 'ack', ...counts({ ack: 3, received: 3, sum: sumOf('a', 'b', 'c') }) });
    expect(session.flow.bufferedAmount).toBe(0);
    expect(session.manager.links.all.size).toBe(1);
  });

  it('[SN-2.2] the second stage ends a link with a gap at which the first stage stopped reading', () => {
    const bench = Bench.attached();
    bench.session.record(bench.link, { ...attached, first: 2 }, 20);
    bench.receive('y', 'z');
    expect(bench.delivered).toEqual([]);
    expect(bench.start.stalled).toBe('gap');
    bench.adopt();
    expect(bench.endings).toEqual(['gap']);
  });

  it('[SN-2.2] the second stage does not continue to count where the first stage stopped reading (seed 7581)', () => {
    const bench = Bench.attached();
    bench.record({ t: 'reset', topic: 'news', no: 1 });
    bench.receive('not read');
    bench.adopt();
    bench.receive('second');
    expect(bench.delivered).toEqual([]);
    expect(bench.endings).toEqual(['gap']);
  });

  it('[SN-9.4] the second stage handles a superseded that the first stage has read', () => {
    const bench = Bench.attached();
    bench.record({ t: 'superseded', n: 2, same: false, instance: 1 });
    expect(bench.verdict).toBeUndefined();
    bench.adopt();
    expect(bench.verdict).toMatchObject({ clean: false, code: 'superseded' });
  });

  it('[SN-14.7] the second stage opens an unconfirmed session again with a new nonce and the same messages', () => {
    const bench = Bench.attached();
    bench.send('a');
    bench.record({ t: 'closed', clean: false, code: 'unconfirmed', ack: 0, nonce: 'nonce 1' });
    bench.adopt();
    expect(bench.heads.slice(1)).toEqual([{ t: 'open', nonce: 'nonce 2', features: 'typed', instance: 1 }]);
    expect(bench.session.flow.bufferedAmount).toBe(1);
  });

  it('[SN-40.8] the second stage sends the record that the server ignored in the handshake', () => {
    const bench = new Bench();
    bench.send('a');
    bench.session.start(0);
    bench.session.linkOpened(bench.link, 10, false);
    expect(bench.written).toEqual([]);
    bench.adopt();
    expect(bench.written).toEqual([{ t: 'open', nonce: 'nonce 1', features: 'typed' }]);
    bench.record({ t: 'opened', id: 'id 1', nonce: 'nonce 1', received: 0, limits: sessionLimits });
    bench.record(attached);
    expect(bench.written.slice(1)).toMatchObject([{ t: 'attach', id: 'id 1' }, { t: 'from', first: 1 }, 'a']);
  });

  it('[SN-43.2] the second stage retries after the time stated by a refusal that the first stage has read', () => {
    const bench = new Bench();
    bench.session.start(0);
    bench.record({ t: 'refused', code: 'busy', retryAfterMs: 3000, nonce: 'nonce 1' });
    expect(bench.verdict).toBeUndefined();
    const session = bench.adopt();
    expect([bench.endings, bench.verdict, session.manager.retryAt]).toEqual([['busy'], undefined, 6010]);
    session.tick(6010);
    expect(bench.links).toHaveLength(2);
  });

  it('[SN-10.12] the second stage ends a link that never opened', () => {
    const bench = new Bench();
    bench.session.start(0);
    const session = bench.adopt();
    expect(session.manager.nextTickAt).toBe(2500);
    session.tick(2500);
    expect(bench.endings).toEqual(['silent']);
  });
});
