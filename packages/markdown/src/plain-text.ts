import type { MarkdownBlock, MarkdownInline, MarkdownTree } from './tree.js';

/** The words of a tree without its marks: for a list's preview, a notification, a screen reader. Blocks end with a line break. */
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
