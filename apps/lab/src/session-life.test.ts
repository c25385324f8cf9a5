import { expect, it } from 'vitest';
import { delayOfServer, type EndRecording, lifeOf } from './session-life.js';

const common = { version: 1, bornAt: 1_000, buffers: {}, dropped: 0, latest: [], differed: false };

function client(entries: readonly object[], more: object = {}): EndRecording {
  return { ...common, end: 'client', instance: 1, entries, ...more } as unknown as EndRecording;
}

function server(entries: readonly object[]): EndRecording {
  return { ...common, end: 'server', entries } as unknown as EndRecording;
}

it('a link is drawn in the first free row, and upstream requests have separate rows', () => {
  const { links, rows } = lifeOf(
    client([
      { in: 'start', at: 1_000 },
      { out: 'connect', link: 1, kind: 'poll', transport: 'long-poll' },
      { in: 'flush', at: 1_010 },
      { out: 'connect', link: 2, kind: 'post', transport: null },
      { out: 'connect', link: 3, kind: 'duplex', transport: 'websocket' },
      { in: 'linkEnded', at: 1_020, link: 1 },
      { out: 'connect', link: 4, kind: 'poll', transport: 'long-poll' },
      { in: 'linkEnded', at: 1_030, link: 2 },
      { out: 'end', link: 4 },
    ]),
  );
  expect(links).toEqual([
    { link: 1, name: 'long-poll', from: 0, to: 20, row: 0 },
    { link: 3, name: 'websocket', from: 10, to: null, row: 1 },
    { link: 4, name: 'long-poll', from: 20, to: 30, row: 0 },
    { link: 2, name: 'post', from: 10, to: 30, row: 2 },
  ]);
  expect(rows).toBe(3);
});

it('a pause between two polls is not a change; an outage and another transport are', () => {
  const changed = (at: number, name: string | null): readonly object[] => [
    { in: 'tick', at },
    { out: 'changed', with: [name] },
  ];
  const { carriers, ended } = lifeOf(
    client([
      ...changed(1_000, 'long-poll'),
      ...changed(1_050, null),
      ...changed(1_060, 'long-poll'),
      ...changed(1_100, null),
      ...changed(1_300, 'long-poll'),
      ...changed(1_400, 'websocket'),
      { in: 'close', at: 1_500 },
      { out: 'ended', with: [{ code: 'closed' }] },
    ]),
  );
  expect(carriers).toEqual([
    { name: 'long-poll', from: 0, to: 100 },
    { name: 'long-poll', from: 300, to: 400 },
    { name: 'websocket', from: 400, to: 500 },
  ]);
  expect(ended).toBe('closed');
});

it('an input at a server has the time in its arguments, because its clock still has the previous time', () => {
  const { marks, links, until } = lifeOf(
    server([
      { in: 'carrier', at: 1_000, link: 1, kind: 'post', transport: 'post', with: [{ t: 'body', ack: 0 }, [], 1_200] },
      { out: 'deliver', with: [['t', 3]] },
      {
        in: 'sendRun',
        at: 1_200,
        with: [
          [
            ['t', 3],
            ['t', 3],
          ],
          null,
        ],
      },
      { in: 'linkEnded', at: 1_200, link: 1, with: [1_250] },
      { in: 'tick', at: 1_250, with: [1_300] },
    ]),
  );
  expect(marks).toEqual({ sent: [200, 200], received: [200], acknowledged: [200], timers: [300] });
  expect(links).toEqual([{ link: 1, name: 'post', from: 200, to: 250, row: 0 }]);
  expect(until).toBe(300);
});

it('dropped entries form a gap, and a link without later entries ends at it', () => {
  const { gap, links, lines } = lifeOf(
    client(
      [
        { in: 'start', at: 1_000 },
        { out: 'connect', link: 1, kind: 'poll', transport: 'long-poll' },
        { out: 'connect', link: 2, kind: 'duplex', transport: 'websocket' },
      ],
      {
        dropped: 7,
        latest: [
          { out: 'writeRecord', link: 9 },
          { in: 'message', at: 1_400, link: 2, with: [['t', 3], 1_400] },
        ],
      },
    ),
  );
  expect(gap).toEqual({ from: 0, to: 400, entries: 7 });
  expect(links.map(({ link, name, to }) => [link, name, to])).toEqual([
    [1, 'long-poll', 0],
    [2, 'websocket', null],
    [9, '', 0],
  ]);
  expect(lines.at(-1)).toEqual({ at: 400, text: '← message #2 ["t",3] 1400' });
});

it('the session of the server begins in the middle between request and answer', () => {
  const opened = { in: 'record', at: 1_300, link: 2, with: [{ t: 'opened' }, 1_300] };
  const asked = { out: 'connect', link: 2, kind: 'duplex', transport: 'websocket' };
  expect(delayOfServer(client([{ in: 'start', at: 1_100 }, asked, opened]))).toBe(200);
  expect(delayOfServer(client([{ in: 'start', at: 1_100 }, asked]))).toBe(0);
});
