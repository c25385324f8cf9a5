import { type Node, parse } from 'acorn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Message, messageFromBytes, messageFromText } from '../message.js';
import type { ControlRecord } from '../record.js';
import { decodeItemJson } from './json-item.js';
import { isCallback, JSONP_TAIL, jsonpEncoding, jsonpHead } from './jsonp.js';
import { scriptEncoding } from './script.js';
import { literalInside } from './string-literal.js';

// Tests two encodings that are JavaScript source: script elements in an HTML stream, and JSONP. An independent parser
// checks that each is only a call with a string literal.

type Item = Message | ControlRecord;

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const encodeWith =
  (encoding: typeof scriptEncoding) =>
  (item: Item): string =>
    text(item instanceof Message ? encoding.encodeMessage(item) : encoding.encodeRecord(item));

/** Returns the value of the only literal in the only call of `callee`. Parses the source as ECMAScript 3, the oldest edition. */
function literalOf(source: string, callee: string): string {
  const program = parse(source, { ecmaVersion: 3 }) as Node & { body: unknown };
  const [statement, ...more] = program.body as [
    {
      type: string;
      expression: {
        type: string;
        callee: { start: number; end: number };
        arguments: { type: string; value: unknown }[];
      };
    },
  ];
  expect(more).toEqual([]);
  expect(statement.type).toBe('ExpressionStatement');
  const { expression } = statement;
  expect(expression.type).toBe('CallExpression');
  expect(source.slice(expression.callee.start, expression.callee.end)).toBe(callee);
  expect(expression.arguments.map(({ type, value }) => [type, typeof value])).toEqual([['Literal', 'string']]);
  return expression.arguments[0]?.value as string;
}

/** Returns the scripts of an HTML document. Expects nothing else in it, so that a `<` outside of the tags would be found. */
function scriptsIn(html: string): string[] {
  expect(html).toMatch(/^(<script>[^<]*<\/script>\n)*$/);
  return [...html.matchAll(/<script>([^<]*)<\/script>/g)].map(([, script]) => script as string);
}

/** Decodes lines of JSON, each one message or record. */
function decode(lines: readonly string[]): Item[] {
  const items: Item[] = [];
  const keep = (item: Item): void => void items.push(item);
  for (const line of lines) expect(decodeItemJson(line, { onMessage: keep, onRecord: keep })).toBeNull();
  return items;
}

/** A message or record in a form that can be compared. */
const plain = (item: Item): unknown =>
  item instanceof Message ? { binary: item.binary, data: item.binary ? [...item.bytes] : item.text } : item;

/** A record and texts with characters that are special in HTML, JavaScript or JSON. */
const record: ControlRecord = { t: 'reset', topic: '房间\u2028</script>\n"', no: 3 };
const texts = [
  ...[
    '',
    '\0',
    '\0\0',
    '\ufeff',
    '\r\n',
    '\u2028\u2029',
    '\u007f\u0080\u00ad\u200b\ufeff\uffff',
    '😀',
    '名前',
    '\ud800',
  ],
  ...[
    '</script>',
    '</SCRIPT >',
    '<!--',
    '-->',
    ']]>',
    '<script>',
    '\\',
    '\\u003c',
    '"',
    "'",
    '");alert(1);//',
    '&lt;',
    '+ADw-',
  ],
];
const message = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }).map((one) => messageFromText(one)),
  fc.constantFrom(...texts).map((one) => messageFromText(one)),
  fc.array(fc.constantFrom(...texts), { maxLength: 6 }).map((parts) => messageFromText(parts.join(''))),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => messageFromBytes(bytes)),
);
const items = fc.array(fc.oneof({ weight: 5, arbitrary: message }, { weight: 1, arbitrary: fc.constant(record) }));

describe('a string literal', () => {
  it('[EN-20] a string literal is printable ASCII without HTML characters and can represent any text', () => {
    const everything = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).join('');
    const inside = literalInside(everything);
    expect(inside).toMatch(/^[ -~]*$/);
    expect(inside).not.toMatch(/[<>&']/);
    expect(literalOf(`e("${inside}")`, 'e')).toBe(everything);
  });
});

describe('[SN-17.1] script', () => {
  it('[EN-3] [EN-18.3] [EN-21.1] a script document contains only calls with one literal, whatever the items are', () => {
    fc.assert(
      fc.property(items, (list) => {
        const html = list.map(encodeWith(scriptEncoding)).join('');
        const decoded = decode(scriptsIn(html).map((script) => literalOf(script, 'e')));
        expect(decoded.map(plain)).toEqual(list.map(plain));
      }),
    );
  });

  it('[EN-1] a message is encoded once as a script', () => {
    const one = messageFromText('shared');
    expect(scriptEncoding.encodeMessage(one)).toBe(scriptEncoding.encodeMessage(one));
    expect(text(scriptEncoding.encodeMessage(one))).toBe('<script>e("\\"shared\\"")</script>\n');
  });
});

describe('[SN-17.1] JSONP', () => {
  it('[EN-3] [EN-22] a JSONP answer is one call with one literal, whatever the items are', () => {
    fc.assert(
      fc.property(items, (list) => {
        const source = jsonpHead('a.b') + list.map(encodeWith(jsonpEncoding)).join('') + JSONP_TAIL;
        const lines = literalOf(source, 'a.b').split('\n');
        expect(lines.pop()).toBe('');
        expect(decode(lines).map(plain)).toEqual(list.map(plain));
      }),
    );
  });

  it('[EN-1] a message is encoded once for JSONP, and a record as the text of its bytes', () => {
    const one = messageFromText('shared');
    expect(jsonpEncoding.encodeMessage(one)).toBe(jsonpEncoding.encodeMessage(one));
    expect(text(jsonpEncoding.encodeMessage(one))).toBe('\\"shared\\"\\n');
    expect(jsonpEncoding.recordText?.(record)).toBe(text(jsonpEncoding.encodeRecord(record)));
  });

  it.each(['f', '$', '_1', 'a.b', 'everywire$.f12', `a${'b'.repeat(31)}`])(
    '[EN-23] J1 the callback name %s is accepted',
    (name) => {
      expect(isCallback(name)).toBe(true);
      expect(literalOf(`${jsonpHead(name)}${JSONP_TAIL}`, name)).toBe('');
    },
  );

  it.each([
    ...['', 'alert(1)//', 'a</script>', 'a\r\nb', 'a b', '1a', 'a.', '.a', 'a..b', 'a[0]', 'a-b', 'ü', 'a\u2028'],
    ...[
      '__proto__',
      'a.__proto__',
      'constructor',
      'a.constructor.b',
      'prototype',
      'a.b.c.d.e',
      'a'.repeat(33),
      'a'.repeat(10_240),
    ],
    `CWS${'MIKI0hCD0Up0IZUnnnnnnnnnnnnnnnnnnnUU5nnnnnn3Snn7iiudIbEAt333swW0ssG03'.repeat(2)}`,
    'abcdefgh.abcdefgh.abcdefgh.abcdefgh',
  ])('[EN-23] J1 J2 the callback name %j is refused', (name) => {
    expect(isCallback(name)).toBe(false);
  });
});
