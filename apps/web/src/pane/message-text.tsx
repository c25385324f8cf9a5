/** An address up to the sign that ends a sentence or closes a bracket around it, Han signs included. */
const address = /https?:\/\/[^\s<>"'“”‘’，。；：？！（）、《》【】]+/gu;
const trailing = /[.,;:!?)\]}]+$/;

/** What somebody wrote: text and nothing but text, with web addresses one can follow. */
export function MessageText({ text }: { readonly text: string }) {
  const parts = splitAddresses(text);
  if (parts.length === 1) return text;
  return parts.map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // Parts of one text never change places.
      // biome-ignore lint/suspicious/noArrayIndexKey: position is identity here
      <a key={index} href={part} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
        {part}
      </a>
    ),
  );
}

/** Text and addresses in turn, text first. */
export function splitAddresses(text: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const found = match[0].replace(trailing, '');
    parts.push(text.slice(from, match.index), found);
    from = match.index + found.length;
  }
  parts.push(text.slice(from));
  return parts;
}
