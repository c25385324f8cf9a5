const characters = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }));

/**
 * Replaces the package `entities` in the built page: markdown-it decodes the addresses of links by it, and its table of
 * 2,000 names takes 15 kB. Other names in an address stay as they were typed.
 */
export function decodeHTMLStrict(text: string): string {
  return text.replace(/&(\w+);/g, (typed, name: string) => characters.get(name) ?? typed);
}
