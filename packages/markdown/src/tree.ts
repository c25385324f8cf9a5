/** The parsed text of a message: its blocks in order. */
export type MarkdownTree = readonly MarkdownBlock[];

/** A block: a paragraph, quote, list or code block. */
export type MarkdownBlock =
  | { readonly kind: 'paragraph'; readonly children: readonly MarkdownInline[] }
  | { readonly kind: 'quote'; readonly children: MarkdownTree }
  | {
      readonly kind: 'list';
      /** The first number of a numbered list; `null` for a list with bullets. */
      readonly start: number | null;
      readonly items: readonly MarkdownTree[];
    }
  /** Must be shown unchanged, including indentation. `language` is the word after the opening fence, or empty. */
  | { readonly kind: 'code'; readonly language: string; readonly text: string };

/** A part of a paragraph. */
export type MarkdownInline =
  /** The text contains the line breaks of the message, which must be shown. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly children: readonly MarkdownInline[] }
  | { readonly kind: 'code'; readonly text: string }
  /** `href` begins with `http:`, `https:` or `mailto:`. */
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly MarkdownInline[] };
