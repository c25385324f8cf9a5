/** What a message says, block after block. */
export type MarkdownTree = readonly MarkdownBlock[];

/** A block: a paragraph, quote, list or code block. */
export type MarkdownBlock =
  | { readonly kind: 'paragraph'; readonly children: readonly MarkdownInline[] }
  | { readonly kind: 'quote'; readonly children: MarkdownTree }
  | {
      readonly kind: 'list';
      /** The first number of an ordered list, `null` of one with bullets. */
      readonly start: number | null;
      readonly items: readonly MarkdownTree[];
    }
  /** Shown as it is, indentation and all. `language` is the word behind the fence, or empty. */
  | { readonly kind: 'code'; readonly language: string; readonly text: string };

/** A part of a paragraph. */
export type MarkdownInline =
  /** Line breaks are kept in it and are to be shown. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly children: readonly MarkdownInline[] }
  | { readonly kind: 'code'; readonly text: string }
  /** `href` begins with `http:`, `https:` or `mailto:`. */
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly MarkdownInline[] };
