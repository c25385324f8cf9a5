import { expect, test } from 'vitest';
import { linkAddresses, misleads } from './addresses.js';

test.each([
  ['bank.example', 'https://bank.example/', false],
  ['bank.example', 'https://bank.example:8443/a', false],
  ['Bank.Example', 'https://bank.example/', false],
  ['www.bank.example', 'https://bank.example', false],
  ['bank.example', 'https://www.bank.example?a', false],
  ['https://bank.example/login', 'http://bank.example/login', false],
  ['the bank', 'https://evil.example/', false],
  ['version 1.2', 'https://bank.example/', false],
  ['bank.example', 'https://evil.example/', true],
  ['go to bank.example now', 'https://evil.example/', true],
  ['bank.example', 'https://bank.example@evil.example/', true],
  ['bank.example', 'https://bank.example:443@evil.example/', true],
  ['bank.example', 'https://ann@bank.example/', false],
  ['bank.example', 'https://evil.example/bank.example', true],
  ['bank.example', 'https://bank.example.evil.example/', true],
  ['bank.example', 'https://sub.bank.example/', true],
  ['bank.example', 'mailto:a@bank.example', true],
  // Browsers read these as dots of a host, and U+2024 looks like one.
  ['bank。example', 'https://evil.example/', true],
  ['bank．example', 'https://evil.example/', true],
  ['bank｡example', 'https://evil.example/', true],
  ['bank\u2024example', 'https://evil.example/', true],
  ['ｂａｎｋ.example', 'https://evil.example/', true],
  ['bank。example', 'https://bank.example/', false],
  // Characters without a shape, wherever they stand in the name.
  ['bank.e\u200bxample', 'https://evil.example/', true],
  ['ba\u00adnk.e\u2060xample', 'https://evil.example/', true],
  ['bank\u200b.\ufeffexample', 'https://evil.example/', true],
  ['bank.e\u0001xample', 'https://evil.example/', true],
  ['bank.e\ufff9xample', 'https://evil.example/', true],
  ['bank.e\u{e0041}xample', 'https://evil.example/', true],
  ['bank.e\u200bxample', 'https://bank.example/', false],
  ['बैंक.भारत', 'https://evil.example/', true],
  ['bank.example2', 'https://bank.example/', true],
  ['and so on.. like this', 'https://bank.example/', false],
  ['1.2.3.4, then bank.example', 'https://evil.example/', true],
  ['看这里。', 'https://evil.example/', false],
  ['银行.公司', 'https://evil.example/', true],
])('the words %j of a link to %j mislead: %s', (words, href, expected) => {
  expect(misleads(words, href)).toBe(expected);
});

const shown = (text: string) =>
  linkAddresses(text).map((part) => (part.kind === 'link' ? `<${part.href}>` : 'text' in part ? part.text : ''));

test.each([
  ['', ['']],
  ['no address', ['no address']],
  ['https://a.example', ['<https://a.example>']],
  ['https://a.example/b).', ['<https://a.example/b>', ').']],
  ['http://a.example, https://b.example!', ['<http://a.example>', ', ', '<https://b.example>', '!']],
  ['ftp://a.example', ['ftp://a.example']],
  ['“https://a.example”。', ['“', '<https://a.example>', '”。']],
])('the addresses of %j are linked, and no sign is lost', (text, parts) => {
  expect(shown(text)).toEqual(parts);
  expect(shown(text).join('').replaceAll(/[<>]/g, '')).toBe(text);
});
