/** All that is used of it. */
declare module 'string-width' {
  // biome-ignore lint/style/noDefaultExport: the library's own.
  export default function stringWidth(text: string): number;
}
