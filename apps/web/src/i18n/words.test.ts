import { chatErrorCodes } from '@everywire/chat';
import { describe, expect, test } from 'vitest';
import { notificationWordsOf } from '../notifications/notification-catalogues.js';
import { en } from './en.js';
import { scriptOf } from './script-of.js';
import { spacedName } from './spaced.js';
import { zh } from './zh.js';

/** Returns the names of the placeholders in a sentence. */
const places = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

/** Returns every sentence of a catalogue with the path of its key. Functions are called with sample names and numbers. */
function sentences(catalogue: object, name = 'X', number = 2, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(catalogue).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'string') return [[`${path}${key}`, value] as const];
    if (typeof value !== 'function') return sentences(value as object, name, number, `${path}${key}.`);
    const parameters =
      /^\(?([^)=]*)/
        .exec(String(value))?.[1]
        ?.split(',')
        .map((one) => one.trim()) ?? [];
    return [[`${path}${key}`, String(value(...parameters.map((one) => standIn(one, name, number))))] as const];
  });
}

/** Parameters with these names take a number, or a length or time in digits. */
const numbers = /^(count|seconds|ms|least|most|looked|all|others|left|uses|max|at|speed|percent|length)$/;

/** Returns an example for a parameter, by its name. */
function standIn(parameter: string, name: string, number: number): unknown {
  if (numbers.test(parameter)) return number;
  if (parameter === 'emoji') return '👍';
  return parameter === 'named' ? [name] : name;
}

/** Fills placeholders like `Fill`. */
function filled(sentence: string, name: string): string {
  return spacedName(sentence.replaceAll(/\{\w+\}/g, '{name}'), name);
}

/** Error texts of the server follow the same style rules. */
const refusals = (language: 'en' | 'zh') =>
  Object.entries(chatErrorCodes).map(([code, meaning]) => [`errorCodes.${code}`, meaning[language]] as const);

describe('the catalogues', () => {
  test('[language] both catalogues have the same sentences with the same placeholders', () => {
    const chinese = new Map(sentences(zh));
    const english = new Map(sentences(en));
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    for (const [key, sentence] of english) expect(places(sentence), key).toEqual(places(chinese.get(key) ?? ''));
  });

  test('direct conversations and notes are not called groups', () => {
    for (const kind of ['direct', 'notes'] as const)
      expect([zh.serviceCreated[kind], en.serviceCreated[kind]].join()).not.toMatch(/群|group/);
  });

  test('texts used for both groups and channels mention neither', () => {
    const shared = [...sentences(zh), ...sentences(en)].filter(([key]) =>
      /^service(?!Created)|^(left|removed)Note$|^(remove|handOver)Title$|^leave(Owner)?Words$/.test(key),
    );
    expect(shared.length).toBeGreaterThan(20);
    for (const [key, sentence] of shared) expect(sentence, key).not.toMatch(/群|频道|group|channel/);
  });

  test('a count of one is singular', () => {
    for (const [key, sentence] of sentences(en, '1', 1))
      expect(sentence, key).not.toMatch(/(?<!to |–)\b1 (?!(?:is|ms)\b)\w+s\b/);
  });

  test('every failure reason of the client has a text', () => {
    const reasons = ['refused', 'too_large', 'timeout', 'crowded', 'cut', 'silent', 'buffered', 'blocked', 'damaged'];
    for (const words of [zh, en]) expect(Object.keys(words.attemptReasons).sort()).toEqual([...reasons].sort());
  });

  test('[wording] an ellipsis is two characters in Chinese and one in English', () => {
    for (const [key, sentence] of sentences(zh)) expect(sentence, key).not.toMatch(/(?<!…)…(?!…)/);
    for (const [key, sentence] of sentences(en)) expect(sentence, key).not.toMatch(/……| …|\.\.\./);
  });

  test('[wording] no exclamation marks, no "please", no "oops", no 您', () => {
    for (const [key, sentence] of [...sentences(zh), ...refusals('zh'), ...sentences(en), ...refusals('en')]) {
      expect(sentence, key).not.toMatch(/[!！]|\bplease\b|\boops\b|您|(?<!邀)请(?!求)/i);
    }
  });

  test.each([
    ['林晚', /\p{Script=Han} +林晚|林晚 +\p{Script=Han}/u],
    ['🐧', /\p{Script=Han} +🐧|🐧 +\p{Script=Han}/u],
    ['Ann', /\p{Script=Han}(| {2,})Ann|Ann(| {2,})\p{Script=Han}/u],
    ['42', /\p{Script=Han}(| {2,})42|42(| {2,})\p{Script=Han}/u],
  ])(
    '[wording] in Chinese, a value of letters or digits is one space apart from Han, any other value is not: %s',
    (name, wrong) => {
      const filledIn = [...sentences(zh, name), ...sentences(notificationWordsOf('zh'), name)]
        .map(([key, sentence]) => [key, filled(sentence, name)] as const)
        .filter(([, sentence]) => sentence.includes(name));
      expect(filledIn.length).toBeGreaterThan(80);
      for (const [key, sentence] of filledIn) expect(sentence, key).not.toMatch(wrong);
    },
  );

  test('[wording] Chinese uses full-width punctuation and a space between Han and Latin', () => {
    for (const [key, sentence] of [...sentences(zh), ...refusals('zh')]) {
      // Text in quotation marks is what the user types.
      expect(sentence.replace(/“[^”]*”/g, ''), key).not.toMatch(
        /\p{Script=Han}[,;:?()]|\.\.\.|\p{Script=Han}[a-zA-Z0-9]{2,}|[a-zA-Z0-9]{2,}\p{Script=Han}/u,
      );
    }
  });
});

describe('scriptOf', () => {
  test('scriptOf distinguishes scripts and returns no language for Latin letters', () => {
    expect(scriptOf('明早五点')).toBe('zh');
    expect(scriptOf('See you at 南门')).toBe('zh');
    expect(scriptOf('春香です')).toBe('ja');
    expect(scriptOf('شكرًا')).toBe('ar');
    expect(scriptOf('Sent you the codes')).toBe('und');
  });
});
