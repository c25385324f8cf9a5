import { existsSync, readFileSync } from 'node:fs';
import markdownIt from 'markdown-it';
import type { Language } from './language.js';
import { stylePolicy, wrap } from './wrap.js';

const titles = { en: 'Transports, one by one', zh: '各种传输方式' };

/** Returns `docs/transports.md` (or its Chinese version) as an HTML page whose headings have anchors, and its content security policy. */
export function documentPage(language: Language): { readonly html: string; readonly policy: string } {
  const text = readFileSync(fileOf(language === 'zh' ? 'transports.zh.md' : 'transports.md'), 'utf8')
    .replaceAll(/<!--.*?-->/g, '')
    // Replaces links to other documents by their text, because the other documents are not served here.
    .replaceAll(/\[([^\]]+)\]\((?!#)[^)]+\)/g, '$1');
  const markdown = markdownIt();
  const heading = markdown.renderer.rules['heading_open'];
  markdown.renderer.rules['heading_open'] = (tokens, index, options, env, renderer) => {
    tokens[index]?.attrSet('id', anchorOf(tokens[index + 1]?.content ?? ''));
    return heading?.(tokens, index, options, env, renderer) ?? renderer.renderToken(tokens, index, options);
  };
  return {
    html: wrap(language, titles[language], `<main class="document">${markdown.render(text)}</main>`),
    policy: stylePolicy,
  };
}

/**
 * Returns the URL of a document. Searches this folder and the folders above it, because the program runs from its source or from
 * a bundle, which lie at different depths.
 */
function fileOf(name: string): URL {
  let folder = new URL('.', import.meta.url);
  for (let above = new URL('..', folder); above.href !== folder.href; above = new URL('..', folder)) {
    if (existsSync(new URL(`docs/${name}`, folder))) break;
    folder = above;
  }
  return new URL(`docs/${name}`, folder);
}

/** Returns the anchor of a heading, built as GitHub does it, so that the same links work here and there. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}
