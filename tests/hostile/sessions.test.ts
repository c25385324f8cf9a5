import { describe, expect } from 'vitest';
import { newCommandId } from '../chat-server/test-session.js';
import { eventually, HandCounts } from '../server/hand-client.js';
import { chatRow } from './chat-row.js';
import { hostileRow } from './hostile-row.js';
import { Peer } from './peer.js';

/** The processor time to resume one session, and to detect that its previous connection is gone. */
const HANDSHAKE_MS_MAX = 0.3;

describe('a session', () => {
  hostileRow('[R2] a session does not get an id chosen by the client', {}, async ({ port }) => {
    const chosen = 'A'.repeat(22);
    const peer = await Peer.upgraded(port);
    peer.record({ t: 'open', version: 2, nonce: 'one that is fixed', id: chosen, sid: chosen });
    const { id } = await peer.heard('opened');
    expect(id).not.toBe(chosen);
    const other = await Peer.upgraded(port);
    other.record({ t: 'attach', id: chosen, n: 1, instance: 1, ...new HandCounts().block });
    expect(await other.heard('refused')).toMatchObject({ code: 'unknown' });
  });

  hostileRow("[R15] a session's records with names similar to known ones are ignored", {}, async ({ port }) => {
    const peer = await Peer.joined(port);
    const { length } = peer.frames;
    for (const t of ['close/x', '/meta/subscribe/x', 'FAIL', 'fail ', '__proto__', 'toString']) {
      peer.record({ t, id: peer.id, code: 'x', ack: 0, topic: 'room' });
    }
    peer.write('');
    peer.record({ t: 'ping', at: 0, ...peer.counts.block });
    await peer.heard('pong');
    expect(peer.frames.slice(length).length).toBeLessThanOrEqual(2);
    expect(peer.ended).toBe(false);
  });

  hostileRow(
    '[R18] a session of a client that claims unknown features and versions is answered with the supported ones',
    {},
    async ({ port }) => {
      const peer = await Peer.upgraded(port);
      peer.record({
        t: 'open',
        version: 2,
        nonce: 'one that has claims',
        features: 'typed root everywire.9 __proto__',
        Version: 99,
      });
      expect((await peer.heard('opened'))['features'] ?? '').not.toMatch(/root|everywire|proto/);
      const wrong = await Peer.upgraded(port);
      wrong.record({ t: 'open', version: 2, nonce: 'one that has claims', features: ['typed'] });
      await eventually(() => wrong.ended || wrong.frames.length > 0);
      expect(wrong.text).not.toContain('opened');
    },
  );

  // A fiftieth of 50,000. Each resumes with its messages, and honest clients are unaffected.
  // On a busy machine all thousand handshakes may wait for the server when its tick begins.
  const manyInOneTurn = { stallMsMax: 1_000 * HANDSHAKE_MS_MAX };
  hostileRow(
    '[R13] very many sessions that reconnect at the same time resume without loss',
    manyInOneTurn,
    async (target) => {
      const { port } = target;
      const peers: Peer[] = [];
      for (let i = 0; i < 1_000; i += 50)
        peers.push(...(await Promise.all(Array.from({ length: 50 }, () => Peer.joined(port)))));
      for (const { socket } of peers) socket.resetAndDestroy();
      const again = await Promise.all(
        peers.map(async ({ id }) => {
          const peer = await Peer.upgraded(port);
          peer.record({ t: 'attach', id, n: 2, instance: 9, ...peer.counts.block });
          return peer.heard('attached');
        }),
      );
      expect(again.length).toBe(1_000);
    },
  );
});

describe('repeated requests', () => {
  chatRow(
    '[R9] [A12] queries of a removed member are refused, and no further event is sent to them',
    {},
    async (target) => {
      const { a, b, bob } = await target.pair();
      const { conversation } = await a.ok({ command: 'createGroup', name: 'Secret', users: [bob.id] });
      const before = await a.ok({ command: 'send', conversation, text: 'before' });
      await b.event('commit', ({ row }) => row?.id === before.id);
      await a.ok({ command: 'remove', conversation, user: bob.id });
      for (let i = 0; i < 20; i++) await a.ok({ command: 'send', conversation, text: `a secret ${i}` });
      await b.settle();
      const answers = [
        await b.ask({ command: 'changes', conversation, since: 0 }),
        await b.ask({ command: 'page', conversation, anchor: { at: 'end' }, limit: 50, check: null }),
        await b.ask({ command: 'page', conversation, anchor: { at: 'after', sequence: 0 }, limit: 50, check: null }),
        await b.ask({ command: 'messages', conversation, names: [{ sequence: before.sequence, id: before.id }] }),
        await b.ask({ command: 'list', cursor: null }),
        await b.ask({ command: 'send', conversation, text: 'x' }),
      ];
      expect(JSON.stringify([answers, b.events])).not.toContain('secret ');
      expect(JSON.stringify(answers)).not.toContain('before');
    },
  );

  chatRow('[R10] a command sent a hundred times simultaneously takes effect once', {}, async (target) => {
    const { a, conversation } = await target.pair();
    const id = newCommandId();
    const all = Array.from({ length: 100 }, () => a.ok({ command: 'send', id, conversation, text: 'once' }));
    expect(new Set((await Promise.all(all)).map((answer) => answer.id)).size).toBe(1);
    const page = await a.ok({ command: 'page', conversation, anchor: { at: 'end' }, limit: 50, check: null });
    expect(JSON.stringify(page).match(/"once"/g)?.length).toBe(1);
  });

  chatRow(
    '[A14] simultaneous creation, leaving and removal by two people leaves one direct conversation',
    {},
    async (target) => {
      const { a, b, ann, bob, conversation } = await target.pair();
      const made = new Set<number>();
      for (let round = 0; round < 10; round++) {
        const answers = await Promise.all([
          a.ok({ command: 'createDirect', peer: bob.id }),
          b.ok({ command: 'createDirect', peer: ann.id }),
          a.code({ command: 'dismiss', conversation }),
          b.code({ command: 'clear', conversation, sequence: 1 }),
          b.code({ command: 'arrange', conversation, place: 'archived' }),
        ]);
        for (const answer of answers) if (typeof answer === 'object') made.add(answer.conversation);
        const group = await a.ok({ command: 'createGroup', name: 'x', users: [bob.id] });
        const of = { conversation: group.conversation };
        const codes = await Promise.all([
          b.code({ command: 'leave', ...of }),
          a.code({ command: 'remove', ...of, user: bob.id }),
          b.code({ command: 'send', ...of, text: 'x' }),
          a.code({ command: 'leave', ...of }),
          a.code({ command: 'rename', ...of, name: 'y' }),
        ]);
        for (const code of codes) expect(['ok', 'not_found', 'not_member', 'denied']).toContain(code);
      }
      expect([...made]).toEqual([conversation]);
    },
  );
});
