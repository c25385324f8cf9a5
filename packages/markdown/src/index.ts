export { parseMarkdown } from './parse-markdown.js';
export { plainText } from './plain-text.js';
export type { MarkdownBlock, MarkdownInline, MarkdownTree } from './tree.js';
