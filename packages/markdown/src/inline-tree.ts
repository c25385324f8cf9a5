import type { Token } from 'markdown-it';
import { linkAddresses, misleads } from './addresses.js';
import { DEPTH_MAX } from './limits.js';
import { plainText } from './plain-text.js';
import type { MarkdownInline } from './tree.js';

/** Kinds of formatted text. */
type Marked = 'strong' | 'emphasis' | 'strike';

/** The kind of formatted text that begins with a token type of the parser. */
const marks: Readonly<Record<string, Marked>> = { strong_open: 'strong', em_open: 'emphasis', s_open: 'strike' };

/** A node whose closing token has not been read. */
interface OpenNode {
  /** `null` for the root, and for a node that is nested too deeply, whose children belong to the node above. */
  readonly kind: Marked | 'link' | null;
  readonly href: string;
  readonly children: MarkdownInline[];
  /** Whether the node is a link or is inside one. */
  readonly linked: boolean;
}

/** Converts the parser's sequence of opening and closing tokens to a tree that is at most `DEPTH_MAX` deep. */
export function inlineTree(tokens: readonly Token[]): readonly MarkdownInline[] {
  const root: MarkdownInline[] = [];
  const open: OpenNode[] = [{ kind: null, href: '', children: root, linked: false }];
  for (const token of tokens) {
    const within = open.at(-1)?.children ?? root;
    const linked = open.at(-1)?.linked ?? false;
    if (token.nesting === 1) open.push(openNode(token, open.length, { within, linked }));
    else if (token.nesting === -1) close(open, root);
    else if (token.type === 'code_inline') within.push({ kind: 'code', text: token.content });
    else if (token.content === '') continue;
    // Creates no link inside a link.
    else if (linked) within.push({ kind: 'text', text: token.content });
    else within.push(...linkAddresses(token.content));
  }
  return root;
}

function openNode(
  token: Token,
  depth: number,
  { within, linked }: { readonly within: MarkdownInline[]; readonly linked: boolean },
): OpenNode {
  if (depth > DEPTH_MAX) return { kind: null, href: '', children: within, linked };
  const href = String(token.attrGet('href') ?? '');
  const kind = marks[token.type] ?? 'link';
  return { kind, href, children: [], linked: linked || kind === 'link' };
}

function close(open: OpenNode[], root: MarkdownInline[]): void {
  const node = open.pop();
  if (node === undefined || node.kind === null) return;
  const within = open.at(-1)?.children ?? root;
  const { kind, href, children } = node;
  if (kind !== 'link') within.push({ kind, children });
  else if (!misleads(plainText([{ kind: 'paragraph', children }]), href)) within.push({ kind, href, children });
  // Shows a misleading link as text, followed by its address as a link, so that the reader sees where it leads.
  else within.push(...children, { kind: 'text', text: ' (' }, ...linkAddresses(href), { kind: 'text', text: ')' });
}
