import { type MarkdownTree, parseMarkdown } from '@everywire/markdown';

/** Trees that are kept, those that were asked for last: somewhat more messages than a list holds at a time. */
export const keptTreesMax = 100;

const trees = new Map<string, MarkdownTree>();

/**
 * Returns the tree of a message's text. Parses a text once for all that show it: its row, again after it was scrolled away, and the
 * announcement of it.
 */
export function messageTree(text: string): MarkdownTree {
  const tree = trees.get(text) ?? parseMarkdown(text);
  trees.delete(text);
  trees.set(text, tree);
  const [oldest] = trees.keys();
  if (trees.size > keptTreesMax && oldest !== undefined) trees.delete(oldest);
  return tree;
}
