import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEPTH_MAX } from './limits.js';
import { parseMarkdown } from './parse-markdown.js';
import { plainText } from './plain-text.js';
import type { MarkdownBlock, MarkdownInline } from './tree.js';

const text = (value: string): MarkdownInline => ({ kind: 'text', text: value });
const paragraph = (...children: MarkdownInline[]): MarkdownBlock => ({ kind: 'paragraph', children });

describe('parseMarkdown', () => {
  test('parseMarkdown reads emphasis, code and links', () => {
    expect(parseMarkdown('a **b** _c_ ~~d~~ `e*f*` [g](https://h.example/)')).toEqual([
      paragraph(
        text('a '),
        { kind: 'strong', children: [text('b')] },
        text(' '),
        { kind: 'emphasis', children: [text('c')] },
        text(' '),
        { kind: 'strike', children: [text('d')] },
        text(' '),
        { kind: 'code', text: 'e*f*' },
        text(' '),
        { kind: 'link', href: 'https://h.example/', children: [text('g')] },
      ),
    ]);
  });

  test('parseMarkdown ends emphasis at Han punctuation', () => {
    const strong = { kind: 'strong', children: [text('很好。')] } as const;
    expect(parseMarkdown('我觉得**很好。**你呢？')).toEqual([paragraph(text('我觉得'), strong, text('你呢？'))]);
  });

  test('parseMarkdown keeps line breaks, blank lines and indentation of a text without marks', () => {
    const code = 'if (a)\n    b();\n\n\n  c();  ';
    expect(parseMarkdown(code)).toEqual([paragraph(text(code))]);
    expect(parseMarkdown('**a**\n    b\nc')).toEqual([
      paragraph({ kind: 'strong', children: [text('a')] }, text('\n    b\nc')),
    ]);
  });

  test('parseMarkdown reads quotes, lists and fenced code', () => {
    expect(parseMarkdown('> a\n> b\n\n3. c\n4. d\n   - e\n\n```ts\n  f *g*\n```')).toEqual([
      { kind: 'quote', children: [paragraph(text('a\nb'))] },
      {
        kind: 'list',
        start: 3,
        items: [
          [paragraph(text('c'))],
          [paragraph(text('d')), { kind: 'list', start: null, items: [[paragraph(text('e'))]] }],
        ],
      },
      { kind: 'code', language: 'ts', text: '  f *g*' },
    ]);
  });

  test('parseMarkdown shows fences around nothing as they were typed', () => {
    expect(parseMarkdown('Text ```\ncode\n```')).toEqual([paragraph(text('Text ```\ncode')), paragraph(text('```'))]);
    expect(parseMarkdown('> ~~~js\n> \n> ~~~')).toEqual([
      { kind: 'quote', children: [paragraph(text('~~~js\n\n~~~'))] },
    ]);
  });

  test('parseMarkdown shows headings, rules, images, HTML and entities as they were typed', () => {
    for (const typed of ['# a', '***', '<b>a</b>', '&amp;', 'a_b_c', '2 * 3 * 4', '<script>alert(1)</script> *']) {
      expect(plainText(parseMarkdown(typed))).toBe(typed);
    }
  });

  test('parseMarkdown links web addresses, without the punctuation around them', () => {
    const link = (href: string): MarkdownInline => ({ kind: 'link', href, children: [text(href)] });
    expect(parseMarkdown('see https://a.example/x_y?z=1. **T**')).toEqual([
      paragraph(text('see '), link('https://a.example/x_y?z=1'), text('. '), { kind: 'strong', children: [text('T')] }),
    ]);
    expect(parseMarkdown('看（https://a.example/表）。')).toEqual([
      paragraph(text('看（'), link('https://a.example/表'), text('）。')),
    ]);
  });

  test('[D10] parseMarkdown links nothing but http, https and mailto', () => {
    for (const href of [
      'javascript:alert(1)',
      'data:text/html,x',
      ' javascript:x',
      'JaVaScRiPt:x',
      'vbscript:x',
      '//x.example',
      'file:///x',
    ]) {
      expect(JSON.stringify(parseMarkdown(`[x](${href})`))).not.toContain('"link"');
      expect(JSON.stringify(parseMarkdown(`[x](<${href}>) ${href}`))).not.toContain('"link"');
    }
    const link = { kind: 'link', href: 'mailto:a@b.example', children: [text('x')] } as const;
    expect(parseMarkdown('[x](mailto:a@b.example)')).toEqual([paragraph(link)]);
  });

  test('parseMarkdown shows the address of a link whose text names another host', () => {
    const tree = parseMarkdown('[bank.example](https://evil.example/)');
    expect(plainText(tree)).toBe('bank.example (https://evil.example/)');
    const link = { kind: 'link', href: 'https://bank.example/a', children: [text('www.bank.example')] } as const;
    expect(parseMarkdown('[www.bank.example](https://bank.example/a)')).toEqual([paragraph(link)]);
  });

  test('[D10] parseMarkdown parses deep nesting quickly without losing a letter', () => {
    const deep = [
      `${'>'.repeat(8_000)}a`,
      `${'- '.repeat(8_000)}a`,
      `${'*'.repeat(8_000)}a${'*'.repeat(8_000)}`,
      `${'['.repeat(8_000)}a`,
      '**a*'.repeat(4_000),
      '[a]('.repeat(4_000),
      Array.from({ length: 60 }, (_, level) => `${' '.repeat(level)}- a`).join('\n'),
    ];
    for (const typed of deep) {
      const began = process.cpuUsage();
      const tree = parseMarkdown(typed);
      expect(process.cpuUsage(began).user, typed.slice(0, 20)).toBeLessThan(1_000_000);
      expect(letters(plainText(tree))).toBe(letters(typed));
      expect(depthOf(tree)).toBeLessThanOrEqual(2 * DEPTH_MAX + 2);
    }
  });

  test('[D10] a text is plain if a line begins with 80 nesting characters, but not with 79', () => {
    const typed = (signs: number) => `${'>'.repeat(signs)}a\n\n**b**`;
    expect(parseMarkdown(typed(79)).map(({ kind }) => kind)).toEqual(['quote', 'paragraph']);
    expect(parseMarkdown(typed(80))).toEqual([paragraph(text(typed(80)))]);
  });

  test('no random text loses a letter', () => {
    const piece = fc.constantFrom(
      'a',
      'b c',
      '*',
      '**',
      '_',
      '~~',
      '`',
      '```\n',
      '> ',
      '- ',
      '1. ',
      '\n',
      ' ',
      '    ',
      '\\',
      '。',
      '好',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const typed = pieces.join('');
        const shown = parseMarkdown(typed);
        expect(letters(plainText(shown) + languages(shown))).toHaveLength(letters(typed).length);
      }),
      { numRuns: 500 },
    );
  });
});

function letters(value: string): string {
  return value.replace(/[^\p{L}]/gu, '');
}

/** Returns the words after opening fences, which were typed but are not part of the plain text. */
function languages(tree: readonly MarkdownBlock[]): string {
  return tree
    .map((block) => {
      if (block.kind === 'code') return block.language;
      if (block.kind === 'quote') return languages(block.children);
      return block.kind === 'list' ? block.items.map(languages).join('') : '';
    })
    .join('');
}

function depthOf(value: unknown): number {
  if (Array.isArray(value)) return Math.max(0, ...value.map(depthOf));
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
