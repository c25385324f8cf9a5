import { describe, expect } from 'vitest';
import { newCommandId, type TestSession } from '../chat-server/test-session.js';
import { chatRow } from './chat-row.js';

/** Sends a hand-written command; returns the code of its refusal, or `ok`. */
async function codeOf(session: TestSession, text: string): Promise<string> {
  const answer = await session.askRaw(text, JSON.parse(/"i":(\d+)/.exec(text)?.[1] ?? '-1') as number);
  return 'error' in answer ? answer.error.code : 'ok';
}

/** Number of the last written command. */
let commandNumber = 1_000_000;
/** Writes a command as a client would, with additional fields. */
function commandText(fields: string): string {
  commandNumber += 1;
  return `{"i":${commandNumber},"id":"${newCommandId()}",${fields}}`;
}

describe('a command', () => {
  chatRow(
    '[D1] a command with __proto__ and constructor in it, at any depth, is refused and changes no object',
    {},
    async (target) => {
      const { a, conversation, ann } = await target.pair();
      const send = `"command":"send","conversation":${conversation},"text":"x"`;
      for (const extra of [
        '"__proto__":{"isAdmin":true}',
        '"constructor":{"prototype":{"isAdmin":true}}',
        '"mentions":{"users":[],"all":false,"__proto__":{"all":true}}',
        '"quote":{"sequence":1,"id":"0000000000000000","constructor":{"prototype":{}}}',
      ])
        expect([extra, await codeOf(a, commandText(`${send},${extra}`))]).toEqual([extra, 'invalid']);
      for (const name of [
        '__proto__',
        'constructor',
        'toString',
        'hasOwnProperty',
        'send/x',
        '/meta/send',
        'SEND',
        'send ',
      ])
        expect([name, await codeOf(a, commandText(`"command":${JSON.stringify(name)}`))]).toEqual([name, 'invalid']);
      const polluted = '{"status":"x","__proto__":{"role":"administrator"}}';
      expect(await target.code('PATCH', '/api/me', polluted, ann)).toBe('invalid');
      expect(await target.code('PATCH', '/api/me', '{"constructor":{"prototype":{"role":"administrator"}}}', ann)).toBe(
        'invalid',
      );
      expect(await target.code('GET', '/api/settings', undefined, ann)).toBe('denied');
    },
  );

  chatRow(
    '[D2] [D5] a command with numbers and placeholders in place of other values is refused',
    {},
    async (target) => {
      const { a, conversation } = await target.pair();
      for (const [field, values] of [
        [
          'conversation',
          ['1e400', '-0', '-1', '0', '1.5', '9007199254740993', '"1"', '"NaN"', 'null', 'true', '[1]', '{}'],
        ],
        ['text', ['{"_placeholder":true,"num":-1}', '["x"]', '7', 'null', '{"$gt":""}']],
        [
          'mentions',
          ['{"users":[-1],"all":false}', '{"users":[1e400],"all":false}', '{"users":{"length":9},"all":false}'],
        ],
        ['quote', ['{"sequence":1e999,"id":"0000000000000000"}', '{"sequence":-1,"id":"0000000000000000"}']],
      ] as const) {
        for (const value of values) {
          const fields: Record<string, string> = { conversation: String(conversation), text: '"x"', [field]: value };
          const rest = Object.entries(fields).map(([name, one]) => `"${name}":${one}`);
          const code = await codeOf(a, commandText(`"command":"send",${rest.join(',')}`));
          expect([field, value, code]).toEqual([field, value, 'invalid']);
        }
      }
    },
  );

  chatRow(
    '[D4] a command with ten thousand keys, or a duplicate key, costs little; of duplicates the last counts',
    {},
    async (target) => {
      const { a, b, conversation } = await target.pair();
      const send = `"command":"send","conversation":${conversation}`;
      const many = (key: (at: number) => string) =>
        Array.from({ length: 7_000 }, (_, at) => `"${key(at)}":0`).join(',');
      for (const keys of [many(String), many((at) => `k${at}`), many((at) => String(at * 2 ** 20))])
        expect(await codeOf(a, commandText(`${send},"text":"x",${keys}`))).toBe('invalid');
      expect(await codeOf(a, commandText(`${send},"text":"the first","text":"the last"`))).toBe('ok');
      await b.event('commit', ({ row }) => row?.body.kind === 'text' && row.body.text === 'the last');
      const nested = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
      // The command is not parsed at all, so even its number is unknown.
      const answer = await a.askRaw(commandText(`${send},"text":${nested}`), -1);
      expect(answer).toMatchObject({ i: -1, error: { code: 'invalid', retryable: false } });
    },
  );

  chatRow(
    '[D13] a command with a text is refused if it is empty, only spaces, or longer than the limit',
    {},
    async (target) => {
      const { a, conversation } = await target.pair();
      for (const [text, code] of [
        ['', 'invalid'],
        ['x', 'ok'],
        ['   \n\t\u3000', 'invalid'],
        ['x'.repeat(16_384), 'ok'],
        ['x'.repeat(16_385), 'too_long'],
        ['陈'.repeat(5_461), 'ok'],
        ['陈'.repeat(5_462), 'too_long'],
      ] as const)
        expect([text.slice(0, 5), text.length, await a.code({ command: 'send', conversation, text })]).toEqual([
          text.slice(0, 5),
          text.length,
          code,
        ]);
      // The command is not parsed at all, so even its number is unknown.
      const answer = await a.askRaw(commandText(`"command":"send","text":"${'x'.repeat(140_000)}"`), -1);
      expect(answer).toEqual({ i: -1, error: { code: 'too_long', retryable: false } });
    },
  );

  chatRow('[D14] a command that states its own time or position in the log is refused', {}, async (target) => {
    const { a, b, conversation } = await target.pair();
    const send = `"command":"send","conversation":${conversation},"text":"x"`;
    for (const extra of ['"sentAt":0', '"sentAt":253402300800000', '"sentAt":"NaN"', '"sequence":9', '"ordinal":1'])
      expect([extra, await codeOf(a, commandText(`${send},${extra}`))]).toEqual([extra, 'invalid']);
    const before = Date.now() - 60_000;
    const sent = await a.ok({ command: 'send', conversation, text: 'now' });
    expect(sent.sentAt).toBeGreaterThan(before);
    const { row } = await b.event('commit', (event) => event.row?.id === sent.id);
    expect(row?.sentAt).toBe(sent.sentAt);
  });

  chatRow(
    '[R15] [R18] a command of a client that claims unknown features or versions is refused with a code',
    {},
    async (target) => {
      const { a, conversation } = await target.pair();
      for (const extra of ['"version":99', '"features":["root"]', '"protocol":"everywire.9"'])
        expect([
          extra,
          await codeOf(a, commandText(`"command":"entry","conversation":${conversation},${extra}`)),
        ]).toEqual([extra, 'invalid']);
      expect((await a.askRaw('not json', -1)) as unknown).toEqual({
        i: -1,
        error: { code: 'invalid', retryable: false },
      });
    },
  );
});

describe('a name', () => {
  chatRow("[D7] a name that looks like another person's cannot be registered", {}, async (target) => {
    const password = 'correct horse';
    expect(await target.code('POST', '/api/register', { name: 'admin', password })).toBe('name_taken');
    for (const [name, code] of [
      ['аdmin', 'name_misleading'],
      ['ａｄｍｉｎ', 'name_taken'],
      ['ADMİN', 'name_misleading'],
      ['admın', 'name_misleading'],
      ['ad\u200bmin', 'name_invalid'],
      ['admin\u200d', 'name_invalid'],
      ['ad\u00admin', 'name_invalid'],
      ['\u202enimda', 'name_invalid'],
      ['ａdmin\u0301\u0301', 201],
    ] as const) {
      const given = await target.code('POST', '/api/register', { name, password });
      expect([name, given]).toEqual([name, code]);
    }
  });
});
