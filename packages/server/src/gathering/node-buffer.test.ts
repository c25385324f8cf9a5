import { type Message, messageFromBytes } from '@everywire/protocol/internal';
import { describe, expect, it } from 'vitest';
import { type Buffering, NodeBuffer } from './node-buffer.js';

// Tests `NodeBuffer`, which limits the memory of all messages that wait on a server node. `check` returns the bytes
// that may be allocated before the next check.

/** A session that these messages wait for. `ended` is the code with which it was ended, empty before. */
class FakeSession implements Buffering {
  ended = '';
  readonly machine: Buffering['machine'];

  constructor(messages: readonly Message[]) {
    this.machine = {
      flow: {
        outgoing: {
          bufferedAmount: messages.reduce((sum, { byteLength }) => sum + byteLength, 0),
          eachMemory: (tell) => {
            for (const { memory } of messages) tell(memory);
          },
        },
      },
      fail: (code) => {
        this.ended = code;
      },
    };
  }
}

function messages(count: number, bytes: number): readonly Message[] {
  return Array.from({ length: count }, () => messageFromBytes(new Uint8Array(bytes)));
}

/** Checks a node with these sessions. `left` is the result. */
function checked(bytesMax: number, sessions: readonly FakeSession[]): { left: number; notices: string[] } {
  const notices: string[] = [];
  const buffer = new NodeBuffer({ bytesMax, sessions: () => sessions, onNotice: (code) => notices.push(code) });
  return { left: buffer.check(), notices };
}

describe('NodeBuffer', () => {
  it('[SN-27.5] NodeBuffer counts a message once, however many sessions wait for it', () => {
    const shared = messages(4, 100);
    const sessions = Array.from({ length: 50 }, () => new FakeSession(shared));
    expect(checked(1000, sessions)).toEqual({ left: 600, notices: [] });
    expect(sessions.every(({ ended }) => ended === '')).toBe(true);
  });

  it('[SN-27.6] NodeBuffer ends the fullest sessions with overflow until the rest fits', () => {
    const shared = messages(2, 100);
    const [small, large, larger] = [
      new FakeSession(shared),
      new FakeSession([...shared, ...messages(4, 100)]),
      new FakeSession([...shared, ...messages(5, 100)]),
    ] as const;
    const { left, notices } = checked(1000, [small, large, larger]);
    expect([small.ended, large.ended, larger.ended]).toEqual(['', '', 'overflow']);
    expect(notices).toEqual(['node_full']);
    expect(left).toBe(400);
  });

  it('[SN-27.6] NodeBuffer ends more sessions if ending one frees nothing, because others wait for the same messages', () => {
    const shared = messages(20, 100);
    const sessions = [new FakeSession(shared), new FakeSession(shared), new FakeSession(messages(1, 100))] as const;
    expect(checked(1000, sessions).left).toBe(900);
    expect(sessions.map(({ ended }) => ended)).toEqual(['overflow', 'overflow', '']);
  });

  it('[SN-3] NodeBuffer permits a sixteenth of the limit to be allocated before it checks again, however full it is', () => {
    expect(checked(1600, [new FakeSession(messages(16, 100))]).left).toBe(100);
  });
});
