import type { Token } from 'markdown-it';
import { linkAddresses, misleads } from './addresses.js';
import { depthMax } from './limits.js';
import { plainText } from './plain-text.js';
import type { MarkdownInline } from './tree.js';

type Marked = 'strong' | 'emphasis' | 'strike';

const marks: Readonly<Record<string, Marked>> = { strong_open: 'strong', em_open: 'emphasis', s_open: 'strike' };

interface OpenNode {
  /** `null`: too deep, or the line itself; its children go to the one above. */
  readonly kind: Marked | 'link' | null;
  readonly href: string;
  readonly children: MarkdownInline[];
}

/** The parser's flat run of opening and closing tokens as a tree, at most `depthMax` deep. */
export function inlineTree(tokens: readonly Token[]): readonly MarkdownInline[] {
  const root: MarkdownInline[] = [];
  const open: OpenNode[] = [{ kind: null, href: '', children: root }];
  for (const token of tokens) {
    const within = open.at(-1)?.children ?? root;
    if (token.nesting === 1) open.push(openNode(token, open.length, within));
    else if (token.nesting === -1) close(open, root);
    else if (token.type === 'code_inline') within.push({ kind: 'code', text: token.content });
    else if (token.content !== '') within.push(...textIn(open, token.content));
  }
  return root;
}

function openNode(token: Token, depth: number, within: MarkdownInline[]): OpenNode {
  if (depth > depthMax) return { kind: null, href: '', children: within };
  const href = String(token.attrGet('href') ?? '');
  return { kind: marks[token.type] ?? 'link', href, children: [] };
}

function close(open: OpenNode[], root: MarkdownInline[]): void {
  const node = open.pop();
  if (node === undefined || node.kind === null) return;
  const within = open.at(-1)?.children ?? root;
  const { kind, href, children } = node;
  if (kind !== 'link') within.push({ kind, children });
  else if (!misleads(plainText([{ kind: 'paragraph', children }]), href)) within.push({ kind, href, children });
  // Both are shown, so that everybody sees where it leads.
  else within.push(...children, { kind: 'text', text: ' (' }, ...linkAddresses(href), { kind: 'text', text: ')' });
}

/** A link within a link would be two places to go to at one spot. */
function textIn(open: readonly OpenNode[], text: string): readonly MarkdownInline[] {
  return open.some((node) => node.kind === 'link') ? [{ kind: 'text', text }] : linkAddresses(text);
}
