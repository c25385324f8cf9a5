import MarkdownIt, { type Token } from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import { linkAddresses } from './addresses.js';
import { inlineTree } from './inline-tree.js';
import { DEPTH_MAX, PARSER_DEPTH_MAX, PREFIX_MAX } from './limits.js';
import type { MarkdownBlock, MarkdownTree } from './tree.js';

/**
 * Parses the part of CommonMark that a chat needs: emphasis, code, quotes, lists and links. Headings, rules, images, tables and HTML
 * are shown as they were typed. The plugin lets emphasis end next to Chinese punctuation, which CommonMark does not support.
 */
const parser = new MarkdownIt('zero', { html: false, maxNesting: PARSER_DEPTH_MAX })
  .use(cjkFriendly)
  .enable(['blockquote', 'list', 'fence', 'backticks', 'emphasis', 'strikethrough', 'link', 'escape']);

parser.validateLink = (href: string): boolean => /^(?:https?:\/\/|mailto:)/i.test(href);

/** Matches a character that may begin formatting. A text without a match is plain text and skips the parser. */
const anySign = /[*_~`>[\\]|^[ \t]*(?:[-+]|\d{1,9}[.)])[ \t]/m;
const tooDeep = new RegExp(`^[\\s>*+\\-\\d.)]{${PREFIX_MAX},}`, 'm');

/**
 * Parses the text of a message. Accepts any text, never throws, and takes time in proportion to the length. Everything that is not
 * Markdown becomes plain text, so no letter is lost. Keeps all line breaks and the indentation within paragraphs.
 */
export function parseMarkdown(text: string): MarkdownTree {
  if (!anySign.test(text) || tooDeep.test(text)) return [{ kind: 'paragraph', children: linkAddresses(text) }];
  const root: MarkdownBlock[] = [];
  const builder = new BlockTreeBuilder(root);
  for (const token of parser.parse(text, {})) builder.add(token);
  return root;
}

/** Builds a tree of blocks from the parser's sequence of opening and closing tokens. */
class BlockTreeBuilder {
  /** The children of each open block, the innermost last. New blocks are added to the last one. */
  readonly #open: MarkdownBlock[][];
  /** The items of each open list, the innermost last. */
  readonly #lists: MarkdownBlock[][][] = [];
  readonly #root: MarkdownBlock[];

  constructor(root: MarkdownBlock[]) {
    this.#root = root;
    this.#open = [root];
  }

  get #within(): MarkdownBlock[] {
    return this.#open.at(-1) ?? this.#root;
  }

  /** Reads the next token. */
  add(token: Token): void {
    switch (token.type) {
      case 'inline':
        this.#within.push({ kind: 'paragraph', children: inlineTree(token.children ?? []) });
        break;
      case 'fence':
        this.#within.push(fenceBlock(token));
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

/** Returns the code between fences. Fences around nothing, such as one that was meant to end a text, are shown as they were typed. */
function fenceBlock({ content, info, map, markup }: Token): MarkdownBlock {
  const text = content.replace(/\n$/, '');
  if (text.trim() !== '') return { kind: 'code', language: info.trim(), text };
  const [first, end] = map ?? [0, 1];
  const closed = end - first > content.split('\n').length;
  const typed = [markup + info, ...(content === '' ? [] : [text]), ...(closed ? [markup] : [])].join('\n');
  return { kind: 'paragraph', children: [{ kind: 'text', text: typed }] };
}
