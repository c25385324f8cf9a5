import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from './json.js';

describe('JSON of the legacy build', () => {
  it('the legacy JSON and the platform read each other’s output', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(JSON.parse(stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parse(JSON.stringify(text))).toBe(text);
        expect(JSON.parse(stringify(text))).toBe(text);
      }),
    );
  });

  it.each([
    '"\u2028\u2029 raw"',
    '"\\u2028\\/\\b\\f\\n\\r\\t\\"\\\\"',
    ' { "a" : [ 1 , -0.5e+3 , true , null ] , "" : { } } ',
    '"你好 😀"',
  ])('the legacy JSON reads %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each([
    '',
    '"',
    '"a',
    '"\\x"',
    '"\\u12"',
    '"a\nb"',
    '{a:1}',
    "'a'",
    '[1,]',
    '[,1]',
    '{"a":1,}',
    '{"a"}',
    '{1:2}',
    '01',
    '+1',
    '.5',
    '1.',
    'NaN',
    'undefined',
    '1 2',
    '[1}',
    '[',
    '{"a":',
    'alert(1)',
    '(1)',
    'true1',
    '"a""b"',
    'constructor',
    '__proto__',
  ])('the legacy JSON refuses %s like the platform', (text) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(() => parse(text)).toThrow('JSON');
  });

  it('a field of the legacy JSON never changes the prototype', () => {
    const value = parse('{"__proto__":{"admin":true},"a":1}') as Record<string, unknown>;
    expect(value['admin']).toBeUndefined();
    expect(value['a']).toBe(1);
  });

  it('the legacy JSON reads a long text', () => {
    const text = '\\n"\u2028'.repeat(50_000);
    expect(parse(JSON.stringify([text]))).toEqual([text]);
  });
});
