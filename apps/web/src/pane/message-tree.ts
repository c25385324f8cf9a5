import { type MarkdownTree, parseMarkdown } from '@everywire/markdown';

/** The maximum number of cached trees (least recently used): slightly more than the messages mounted at a time. */
export const CACHED_TREES_MAX = 100;

const trees = new Map<string, MarkdownTree>();

/**
 * Returns the Markdown tree of a message's text. Caches it, because the row, the row after scrolling back, and the announcement all need
 * it.
 */
export function messageTree(text: string): MarkdownTree {
  const tree = trees.get(text) ?? parseMarkdown(text);
  trees.delete(text);
  trees.set(text, tree);
  const [oldest] = trees.keys();
  if (trees.size > CACHED_TREES_MAX && oldest !== undefined) trees.delete(oldest);
  return tree;
}
