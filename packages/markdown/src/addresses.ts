import type { MarkdownInline } from './tree.js';

/** An address up to the sign that ends a sentence or closes a bracket around it, Han signs included. */
const address = /https?:\/\/[^\s<>"'“”‘’，。；：？！（）、《》【】]+/gu;
const trailing = new Set('.,;:!?)]}');

/** Text, with the web addresses in it made into links. */
export function linkAddresses(text: string): readonly MarkdownInline[] {
  const parts: MarkdownInline[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const href = withoutTrailing(match[0]);
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    parts.push({ kind: 'link', href, children: [{ kind: 'text', text: href }] });
    from = match.index + href.length;
  }
  if (from < text.length || parts.length === 0) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

function withoutTrailing(found: string): string {
  let end = found.length;
  while (trailing.has(found.charAt(end - 1))) end -= 1;
  return found.slice(0, end);
}

/** Characters that show nothing, or next to nothing: a name reads the same with and without them. */
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}]|(?!\s)\p{Cc}/gu;

/**
 * Whether a link's words name one host and its address another, which is how passwords are stolen. An address within
 * the words counts, and so does the bare name of a host. Takes time in proportion to the length.
 */
export function misleads(words: string, href: string): boolean {
  // Browsers read full width and ideographic full stops in a host as dots (Unicode Technical Standard 46).
  const plain = words.normalize('NFKC').replaceAll('。', '.').replaceAll(unseen, '');
  const named = hostNamedIn(plain);
  return named !== null && hostOf(`https://${named}`) !== hostOf(href);
}

/**
 * Returns the first name of a host in a text: labels with a dot between them, of which the last begins with two letters.
 * Splits the text into runs and each run into labels, so that no character is looked at from more than one beginning:
 * one regular expression for a whole name takes time by the square of the length.
 */
function hostNamedIn(text: string): string | null {
  for (const [run] of text.matchAll(/[\p{L}\p{M}\p{N}.-]+/gu)) {
    for (const chain of run.split(/\.{2,}/)) {
      const labels = chain.split('.').filter((label) => label !== '');
      const last = labels.findLastIndex((label, at) => at > 0 && /^[\p{L}\p{M}]{2}/u.test(label));
      if (last !== -1) return labels.slice(0, last + 1).join('.');
    }
  }
  return null;
}

function hostOf(href: string): string {
  const host = /^https?:\/\/(?:[^/?#]*@)?([^/?#:]*)/.exec(href)?.[1] ?? '';
  return host.toLowerCase().replace(/^www\./, '');
}
