import { describe, expect, it } from 'vitest';
import { ChatCore, type StoredCore } from './chat-core.js';
import { coreLimits } from './core-limits.js';
import { entryOf, newRow, pageOf } from './test-wire.js';

// Tests how many messages `ChatCore` holds in memory, and how much a frequent action may cost.

const head = { sequence: 10, modification: 0 };
const conversations = Array.from({ length: 200 }, (_, index) => index + 1);
const limits = { ...coreLimits, timelineRowsMax: 500 };

/** A device that knows these conversations, and holds the first ten messages of those in `logs`. */
function coreWith(logs: readonly number[]): ChatCore {
  const stored: StoredCore = {
    outbox: [],
    drafts: [],
    sync: {
      epoch: 'e',
      list: {
        cursor: 'c1',
        more: false,
        entries: conversations.map((conversation) => entryOf({ conversation })),
      },
      logs: logs.map((conversation) => ({
        conversation,
        modification: 0,
        known: head,
        held: [[1, 10]],
        rows: pageOf(1, 10, head).rows,
        quoted: [],
        hiddenAt: 0,
        hidden: [],
      })),
    },
  };
  return new ChatCore({ me: 1, limits, stored });
}

/** Opens a conversation without held rows, and answers its first page. */
function openFirst(core: ChatCore, conversation: number): void {
  core.open(conversation);
  for (const { token, request } of core.takeRequests())
    if (request.command === 'page') core.answered(token, pageOf(1, 10, head));
}

/** Delivers messages until the conversation's head is `upTo`. */
function receive(core: ChatCore, conversation: number, upTo: number): void {
  for (let sequence = 11; sequence <= upTo; sequence += 1)
    core.applyEvent({ ...newRow(sequence), conversation }, sequence);
}

const sizeOf = (core: ChatCore): number => JSON.stringify(core.store()).length;
const rowsOf = (core: ChatCore): readonly number[] => core.store()?.logs.map(({ rows }) => rows.length) ?? [];

describe('what a device holds', () => {
  it('[pain 12] a closed conversation holds no more rows after ten thousand messages than after a few', () => {
    const core = coreWith([7]);
    core.open(7);
    core.close(7);
    receive(core, 7, 500);
    const before = sizeOf(core);
    receive(core, 7, 10_500);
    expect(sizeOf(core) / before).toBeLessThan(1.1);
    expect(core.store()?.logs[0]?.held).toEqual([[core.store()?.logs[0]?.rows[0]?.sequence, 10_500]]);
  });

  it('[pain 12] the rows of an open conversation are bounded, and its newest are kept', () => {
    const core = coreWith([7]);
    core.open(7);
    receive(core, 7, 10_500);
    const { rows } = core.timeline(7);
    expect(rows.length).toBeLessThanOrEqual(limits.timelineRowsMax + limits.pageRows);
    expect(rows.length).toBeGreaterThanOrEqual(limits.timelineRowsMax);
    expect(rows.at(-1)).toMatchObject({ sequence: 10_500 });
    core.close(7);
    expect(rowsOf(core)).toEqual([limits.closedRowsMax]);
  });

  it('[pain 12] only rows of the conversations opened last are held, however many were opened', () => {
    const core = coreWith([]);
    core.connected();
    for (const conversation of conversations) {
      openFirst(core, conversation);
      receive(core, conversation, 300);
      core.close(conversation);
    }
    expect(rowsOf(core)).toEqual(Array.from({ length: limits.logsMax }, () => limits.closedRowsMax));
  });
});
