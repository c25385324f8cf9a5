import MarkdownIt, { type Token } from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import { linkAddresses } from './addresses.js';
import { inlineTree } from './inline-tree.js';
import { DEPTH_MAX, PARSER_DEPTH_MAX, PREFIX_MAX } from './limits.js';
import type { MarkdownBlock, MarkdownTree } from './tree.js';

/**
 * What a chat needs of CommonMark and no more: emphasis, code, quotes, lists, links. Headings, rules, images, tables and
 * HTML stay the signs they were typed as. Emphasis ends at Han punctuation too, which CommonMark alone does not see.
 */
const parser = new MarkdownIt('zero', { html: false, maxNesting: PARSER_DEPTH_MAX })
  .use(cjkFriendly)
  .enable(['blockquote', 'list', 'fence', 'backticks', 'emphasis', 'strikethrough', 'link', 'escape']);

parser.validateLink = (href: string): boolean => /^(?:https?:\/\/|mailto:)/i.test(href);

const anySign = /[*_~`>[\\]|^[ \t]*(?:[-+]|\d{1,9}[.)])[ \t]/m;
const tooDeep = new RegExp(`^[\\s>*+\\-\\d.)]{${PREFIX_MAX},}`, 'm');

/**
 * A message's text as a tree. Takes any text and never throws; takes time in proportion to the length. No letter is lost:
 * what is no Markdown is text. Line breaks stay, one for one, and so does indentation within a paragraph.
 */
export function parseMarkdown(text: string): MarkdownTree {
  if (!anySign.test(text) || tooDeep.test(text)) return [{ kind: 'paragraph', children: linkAddresses(text) }];
  const root: MarkdownBlock[] = [];
  const walk = new BlockWalk(root);
  for (const token of parser.parse(text, {})) walk.take(token);
  return root;
}

/** Builds blocks out of the parser's flat run of opening and closing tokens. */
class BlockWalk {
  /** Where blocks go: the last is the innermost. */
  readonly #open: MarkdownBlock[][];
  /** Items of the lists that are open, the innermost last. */
  readonly #lists: MarkdownBlock[][][] = [];
  readonly #root: MarkdownBlock[];

  constructor(root: MarkdownBlock[]) {
    this.#root = root;
    this.#open = [root];
  }

  get #within(): MarkdownBlock[] {
    return this.#open.at(-1) ?? this.#root;
  }

  take(token: Token): void {
    switch (token.type) {
      case 'inline':
        this.#within.push({ kind: 'paragraph', children: inlineTree(token.children ?? []) });
        break;
      case 'fence':
        this.#within.push({ kind: 'code', language: token.info.trim(), text: token.content.replace(/\n$/, '') });
        break;
      case 'blockquote_open':
        this.#openQuote();
        break;
      case 'bullet_list_open':
      case 'ordered_list_open':
        this.#openList(token);
        break;
      case 'list_item_open':
        this.#openItem();
        break;
      case 'blockquote_close':
      case 'list_item_close':
        this.#open.pop();
        break;
      case 'bullet_list_close':
      case 'ordered_list_close':
        this.#lists.pop();
        break;
    }
  }

  #openQuote(): void {
    const children: MarkdownBlock[] = [];
    if (this.#open.length > DEPTH_MAX) {
      this.#open.push(this.#within);
      return;
    }
    this.#within.push({ kind: 'quote', children });
    this.#open.push(children);
  }

  #openList(token: Token): void {
    const items: MarkdownBlock[][] = [];
    this.#lists.push(items);
    const start = token.type === 'ordered_list_open' ? Number(token.attrGet('start') ?? 1) : null;
    if (this.#open.length <= DEPTH_MAX) this.#within.push({ kind: 'list', start, items });
  }

  #openItem(): void {
    if (this.#open.length > DEPTH_MAX) {
      this.#open.push(this.#within);
      return;
    }
    const item: MarkdownBlock[] = [];
    this.#lists.at(-1)?.push(item);
    this.#open.push(item);
  }
}
