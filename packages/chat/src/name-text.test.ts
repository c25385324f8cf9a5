import { describe, expect, it, test } from 'vitest';
import { COMBINING_MARKS_MAX, cleanName, isBlank, isNameText } from './name-text.js';

describe('a name as people write it', () => {
  test.each([
    ['Ann Lee'],
    ['李 小明'],
    ['辻\u{e0100}さん'],
    ['Nguyễn Thị Ánh Tuyết'],
    ['Nguyễn Thị Ánh Tuyết'.normalize('NFD')],
    ['مُحَمَّدٌ'],
    ['علی‌رضا'],
    ['שָׁלוֹם'],
    ['בְּרֵאשִׁ֖ית'],
    ['น้ำทิพย์ ที่รัก'],
    ['क्षत्रिय'],
    ['क्‍ष'],
    ['ශ්‍රී'],
    ['അനില്‍'],
    ['བསྒྲུབས'],
    ['လျှို့ဝှက်'],
    ['ᠮᠣᠩᠭᠣᠯ\u180b'],
    ['ខ្មែរ'],
    ['김민준'],
    ['ऋषिकेश त्रिपाठी'],
    ['ज्योत्स्ना श्रीवास्तव'],
    ['शौर्यांशु'],
    ['கௌசல்யா ஸ்ரீனிவாசன்'],
    ['கௌசல்யா ஸ்ரீனிவாசன்'.normalize('NFD')],
    ['সৌমেন্দ্র চট্টোপাধ্যায়'],
    ['সৌমেন্দ্র চট্টোপাধ্যায়'.normalize('NFD')],
    ['জ্যোতির্ময় গঙ্গোপাধ্যায়'],
    ['กิตติ์ธเนศ พิพัฒน์ศักดิ์'],
    ['ณัฏฐ์ ปู่เจ้า'],
    ['Phạm Ngữ Thượng Đế'.normalize('NFD')],
    ['കൊച്ചൗസേപ്പ്'.normalize('NFD')],
    ['ಕೋಟೇಶ್ವರಯ್ಯ'.normalize('NFD')],
    ['ශ්‍රී සෝමරත්න'.normalize('NFD')],
    ['မျှော်လင့်'],
    ['ခင်လျှော့်'],
    ['ᬓᬺᬱ᭄ᬡ'],
    ['👩‍👧 Mum'],
    ['👩🏽‍🚀'],
    ['❤️‍🔥'],
    ['1️⃣ first'],
    ['🏳️‍🌈'],
    ['🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['🇨🇳'],
    ["O'Brien-Šímová, Jr. (№ 1)"],
  ])('isNameText and cleanName accept %s unchanged', (name) => {
    expect([isNameText(name), cleanName(name)]).toEqual([true, name]);
  });
});

describe('a name with an invisible character', () => {
  test.each([
    ['braille blanks', '\u2800\u2800', ''],
    ['a Hangul filler', '\u3164\u3164', ''],
    ['a Hangul initial filler', '\u115f', ''],
    ['a halfwidth Hangul filler', '\uffa0', ''],
    ['a filler in a name', 'An\u3164n', 'Ann'],
    ['an empty note head', '\u{1d159}', ''],
    ['a soft hyphen', 'An\u00adn', 'Ann'],
    ['a zero width space', 'Ann\u200b', 'Ann'],
    ['a word joiner', 'Ann\u2060', 'Ann'],
    ['a grapheme joiner', 'An\u034fn', 'Ann'],
    ['a joiner between Latin letters', 'An\u200dn', 'Ann'],
    ['two joiners', 'علی\u200c\u200cرضا', 'علی\u200cرضا'],
    ['a variation selector on a letter', 'Ann\ufe0f', 'Ann'],
    ['two variation selectors', '❤\ufe0f\ufe0f', '❤\ufe0f'],
    ['an ideographic variation selector on a letter', 'A\u{e0100}nn', 'Ann'],
    ['hidden tags', 'Ann\u{e0041}\u{e0042}', 'Ann'],
    ['a direction override', 'Ann\u202efdp', 'Annfdp'],
    ['a direction isolate', '\u2067Ann', 'Ann'],
    ['an Arabic letter mark', 'Ann\u061c', 'Ann'],
    ['a control character', 'A\u0007nn', 'Ann'],
    ['a line separator', 'Ann\u2028Lee', 'AnnLee'],
    ['a lone surrogate', 'Ann\ud83d', 'Ann'],
    ['a private use character', 'Ann\ue000', 'Ann'],
    ['a noncharacter', 'Ann\uffff', 'Ann'],
  ])('isNameText refuses %s, and cleanName removes it', (_what, name, clean) => {
    expect([isNameText(name), cleanName(name)]).toEqual([false, clean]);
  });
});

it('a name without a base character is refused', () => {
  expect(['', '   ', '\u00a0', '\u0301', '\u0e31\u0e48', '\ufe0f'].map(isNameText)).toEqual(Array(6).fill(false));
});

it('a few combining marks on one character are accepted, and a stack of them is refused and cut', () => {
  const stacked = (marks: number) => `Z${'\u0335'.repeat(marks)}`;
  expect([isNameText(stacked(COMBINING_MARKS_MAX)), isNameText(stacked(COMBINING_MARKS_MAX + 1))]).toEqual([
    true,
    false,
  ]);
  expect(cleanName(`${stacked(60)}oe`)).toBe(`${stacked(COMBINING_MARKS_MAX)}oe`);
});

it('spacing and enclosing marks, and marks after joiners, count against the same limit', () => {
  for (const mark of ['\u093e', '\u0bcc', '\u{1d16e}', '\u0303', '\u0e49\u0bbe', '\u0301\u200d', '\u093e\u200c']) {
    const marks = (count: number) => Array.from({ length: count }, () => mark).join('');
    const most = COMBINING_MARKS_MAX / (mark.match(/\p{M}/gu)?.length ?? 1);
    if (!Number.isInteger(most)) continue;
    const fits = `क${marks(most)}`;
    expect([isNameText(`${fits}क`), isNameText(`${fits}${marks(1)}क`)], mark).toEqual([true, false]);
    expect(cleanName(`${fits}${marks(50)}क`)).toBe(`${fits}क`);
  }
});

it('enclosing marks are refused except in a keycap', () => {
  for (const mark of ['\u20dd', '\u20e0', '\u0488', '\u0489', '\u1abe', '\ua670'])
    expect([isNameText(`Ann${mark}`), cleanName(`Ann${mark}`)], mark).toEqual([false, 'Ann']);
  for (const keycap of ['1\ufe0f\u20e3', '#\ufe0f\u20e3', '2\u20e3']) expect(isNameText(keycap)).toBe(true);
  expect(cleanName('A\u20e3 1\ufe0f\u20e3\u20e3')).toBe('A 1\ufe0f\u20e3');
});

it('isBlank recognises white space, fillers and characters without a shape', () => {
  expect(['', ' \n\u3000', '\u2800', '\u3164', '\u200b\u202e', '\u{1d159}'].map(isBlank)).toEqual(Array(6).fill(true));
  expect(['a', '👍', 'ा', '⠁'].map(isBlank)).toEqual([false, false, false, false]);
});
