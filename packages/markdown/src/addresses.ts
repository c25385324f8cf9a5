import type { MarkdownInline } from './tree.js';

/** Matches a web address. It ends at white space, a quotation mark, or Chinese punctuation, which cannot belong to the address. */
const address = /https?:\/\/[^\s<>"'“”‘’，。；：？！（）、《》【】]+/gu;
/** Punctuation at the end of an address, which belongs to the sentence around the address. */
const trailing = new Set('.,;:!?)]}');

/** Splits a text into plain text and links, one link for each web address in it. */
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

/** Matches invisible characters. A name that contains them looks like the name without them. */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}]|(?!\s)\p{Cc}/gu;

/**
 * Returns whether the text of a link names another host than its address, as in `[bank.example](https://evil.example)`. Such a link
 * could lead people to a page that steals passwords. The text may name the host alone or in an address. Takes time in proportion to
 * the length of the text.
 */
export function misleads(text: string, href: string): boolean {
  // In a host name, browsers treat full-width and ideographic full stops as dots (Unicode Technical Standard 46).
  const plain = text.normalize('NFKC').replaceAll('。', '.').replaceAll(invisible, '');
  const named = hostNamedIn(plain);
  return named !== null && hostOf(`https://${named}`) !== hostOf(href);
}

/**
 * Returns the first host name in a text, or `null` if there is none. A host name consists of labels separated by single dots, and
 * its last label begins with two letters. Splits the text into runs and each run into labels, so that each character is examined a
 * fixed number of times. A single regular expression for the whole name would take time quadratic in the length.
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

/** Returns the host of an address in lower case, without user, port and a leading `www.`. */
function hostOf(href: string): string {
  const host = /^https?:\/\/(?:[^/?#]*@)?([^/?#:]*)/.exec(href)?.[1] ?? '';
  return host.toLowerCase().replace(/^www\./, '');
}
