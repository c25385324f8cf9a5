import { describe, expect, it } from 'vitest';
import { createAnswers } from './endpoint-answers.js';

// Tests `createAnswers`, which prepares the texts of HTTP answers, because most answers of an endpoint differ only in
// their body.

const endpoint = { contentType: 'text/plain', headers: { 'x-more': 'yes' } };
const here = { kind: 'same', origin: 'https://here.example' } as const;
const there = { kind: 'cross', origin: 'https://there.example' } as const;
const elsewhere = { kind: 'cross', origin: 'https://elsewhere.example' } as const;

describe('answers of an endpoint', () => {
  it('an answer consists of head, length and body', () => {
    const text = createAnswers()(endpoint, there).ok(5_000, 'a body');
    const [head = '', body] = text.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\ndate: /);
    expect(head).toContain('\r\nkeep-alive: timeout=5\r\n');
    expect(head).toContain('\r\nx-more: yes\r\n');
    expect(head).toContain(`\r\naccess-control-allow-origin: ${there.origin}\r\n`);
    expect(head.endsWith('\r\ncontent-length: 6')).toBe(true);
    expect(body).toBe('a body');
  });

  it('[TR-7.4] each origin gets its own headers, regardless of earlier answers', () => {
    const answersOf = createAnswers();
    const [one, other] = [answersOf(endpoint, here), answersOf(endpoint, there)];
    for (const [body, keepMs] of [
      ['one', 5_000],
      ['two', 5_000],
      ['two', 9_000],
      ['one', 5_000],
    ] as const) {
      for (const answers of [one, other]) {
        const text = answers.ok(keepMs, body);
        expect(text.endsWith(`content-length: 3\r\n\r\n${body}`)).toBe(true);
        expect(text).toContain(`timeout=${keepMs / 1_000}\r\n`);
        expect(text.includes(there.origin)).toBe(answers === other);
      }
    }
  });

  it('answers are shared by pages of one origin only', () => {
    const answersOf = createAnswers();
    const known = answersOf(endpoint, there);
    expect(answersOf(endpoint, { ...there })).toBe(known);
    for (const origin of [elsewhere, here, { kind: 'absent' } as const])
      expect(answersOf(endpoint, origin).ok(0, '')).not.toContain(there.origin);
    expect(answersOf({ contentType: 'text/html' }, there).ok(0, '')).toContain('content-type: text/html\r\n');
  });
});
