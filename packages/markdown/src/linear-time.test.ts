import { expect, test } from 'vitest';
import { parseMarkdown } from './parse-markdown.js';

/** Far above what a message may have, so that time by the square of the length takes several seconds and linear time takes little. */
const length = 200_000;
const cpuMsMax = 1_500;

const repeat = (unit: string, characters = length) => unit.repeat(characters / unit.length);
const nest = (open: string, close: string) => repeat(open, length / 2) + repeat(close, length / 2);

test.each([
  ['an address that ends with brackets, and one letter', `https://x${repeat(')')}a`],
  ['many addresses that end with brackets', repeat('https://x)))))a ')],
  ['words of a link that are one label', `[${repeat('a1-')}](https://b.c)`],
  ['words of a link that are one label of letters', `[${repeat('a')}](https://b.c)`],
  ['words of a link that are labels of one letter', `[${repeat('a.')}1](https://b.c)`],
  ['words of a link that grow when they are normalized', `[${repeat('ﷺ')}](https://b.c)`],
  ['words of a link with dots', `[${repeat('.')}](https://b.c)`],
  ['the address of a link', `[a](https://${repeat('b.')}c)`],
  ['an address with a user', `[a](https://${repeat('b@')}c)`],
  ['many links', repeat('[a.bc](https://b.c)')],
  ['emphasis within emphasis', nest('(*a', 'a*)')],
  ['strong text within strong text', nest('**a ', ' a**')],
  ['struck text', repeat('a~~')],
  ['opening brackets', repeat('[')],
  ['brackets within brackets', nest('[', ']')],
  ['links that do not end', repeat('[a](')],
  ['titles that do not end', repeat('[a](b "')],
  ['addresses in brackets that do not end', repeat('[a](<')],
  ['code that does not end', repeat('`a``')],
  ['fences that do not end', repeat('```\n~~~\n')],
  ['quotes and lists', repeat('> - a\n\n')],
  ['line breaks', repeat('\n')],
  ['blanks and tabs', repeat(' \t')],
])('parses in time that is proportional to the length: %s', (_name, typed) => {
  const began = process.cpuUsage();
  parseMarkdown(typed);
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(cpuMsMax);
});
