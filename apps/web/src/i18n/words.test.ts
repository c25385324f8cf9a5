import { errorCodes } from '@everywire/chat';
import { describe, expect, test } from 'vitest';
import { en } from './en.js';
import { scriptOf } from './script-of.js';
import { zh } from './zh.js';

const places = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

/** Every sentence of a catalogue, with the path of its key. Functions are called with stand-ins. */
function sentences(catalogue: object, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(catalogue).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'string') return [[`${path}${key}`, value] as const];
    if (typeof value === 'function') return [[`${path}${key}`, String(value('X', 2))] as const];
    return sentences(value as object, `${path}${key}.`);
  });
}

/** What the server refuses is said in the same voice. */
const refusals = (language: 'en' | 'zh') =>
  Object.entries(errorCodes).map(([code, meaning]) => [`errorCodes.${code}`, meaning[language]] as const);

describe('the catalogues', () => {
  test('[language] both have the same sentences with the same places to fill', () => {
    const chinese = new Map(sentences(zh));
    const english = new Map(sentences(en));
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    for (const [key, sentence] of english) expect(places(sentence), key).toEqual(places(chinese.get(key) ?? ''));
  });

  test('a conversation of two, and notes, begin as no group', () => {
    for (const kind of ['direct', 'notes'] as const)
      expect([zh.serviceCreated[kind], en.serviceCreated[kind]].join()).not.toMatch(/群|group/);
  });

  test('what happens in groups and in channels alike is said of neither', () => {
    const shared = [...sentences(zh), ...sentences(en)].filter(([key]) =>
      /^service(?!Created)|^(left|removed)Note$/.test(key),
    );
    expect(shared.length).toBeGreaterThan(20);
    for (const [key, sentence] of shared) expect(sentence, key).not.toMatch(/群|频道|group|channel/);
  });

  test('[wording] no exclamation marks, no "please", no "oops", no 您', () => {
    for (const [key, sentence] of [...sentences(zh), ...refusals('zh'), ...sentences(en), ...refusals('en')]) {
      expect(sentence, key).not.toMatch(/[!！]|\bplease\b|\boops\b|您|(?<!邀)请(?!求)/i);
    }
  });

  test('[wording] Chinese uses full-width signs, and a space between Han and Latin', () => {
    for (const [key, sentence] of [...sentences(zh), ...refusals('zh')]) {
      // What stands in quotation marks is what somebody types.
      expect(sentence.replace(/“[^”]*”/g, ''), key).not.toMatch(
        /\p{Script=Han}[,;:?()]|\.\.\.|\p{Script=Han}[a-zA-Z0-9]{2,}|[a-zA-Z0-9]{2,}\p{Script=Han}/u,
      );
    }
  });
});

describe('scriptOf', () => {
  test('tells scripts apart, and claims no language for Latin letters', () => {
    expect(scriptOf('明早五点')).toBe('zh');
    expect(scriptOf('See you at 南门')).toBe('zh');
    expect(scriptOf('春香です')).toBe('ja');
    expect(scriptOf('شكرًا')).toBe('ar');
    expect(scriptOf('Sent you the codes')).toBe('und');
  });
});
