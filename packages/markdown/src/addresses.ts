import type { MarkdownInline } from './tree.js';

/** An address up to the sign that ends a sentence or closes a bracket around it, Han signs included. */
const address = /https?:\/\/[^\s<>"'“”‘’，。；：？！（）、《》【】]+/gu;
const trailing = /[.,;:!?)\]}]+$/;

/** Text, with the web addresses in it made into links. */
export function linkAddresses(text: string): readonly MarkdownInline[] {
  const parts: MarkdownInline[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const href = match[0].replace(trailing, '');
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    parts.push({ kind: 'link', href, children: [{ kind: 'text', text: href }] });
    from = match.index + href.length;
  }
  if (from < text.length || parts.length === 0) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

/**
 * Whether a link's words name one place and its address another, as those do who want a password. An address within
 * the words counts, and so does the bare name of a host.
 */
export function misleads(words: string, href: string): boolean {
  const named = /(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})/u.exec(words)?.[1];
  if (named === undefined) return false;
  return hostOf(`https://${named}`) !== hostOf(href);
}

function hostOf(href: string): string {
  const host = /^https?:\/\/(?:[^/?#]*@)?([^/?#:]*)/.exec(href)?.[1] ?? '';
  return host.toLowerCase().replace(/^www\./, '');
}
