import type { MarkdownBlock, MarkdownInline, MarkdownTree } from './tree.js';

/**
 * Returns the text of a tree without formatting, for a preview in the conversation list, a notification or a screen reader. Blocks are
 * separated by line breaks.
 */
export function plainText(tree: MarkdownTree): string {
  return tree.map(blockText).join('\n');
}

function blockText(block: MarkdownBlock): string {
  switch (block.kind) {
    case 'paragraph':
      return block.children.map(inlineText).join('');
    case 'quote':
      return plainText(block.children);
    case 'list':
      return block.items.map(plainText).join('\n');
    case 'code':
      return block.text;
  }
}

function inlineText(inline: MarkdownInline): string {
  return 'children' in inline ? inline.children.map(inlineText).join('') : inline.text;
}
