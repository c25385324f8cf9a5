/**
 * The globals that this package requires of its host. Every browser and Node have them, and they do no I/O. They are
 * declared here because the package is compiled without the DOM types and without Node's types.
 */
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label: 'utf-8', options: { readonly ignoreBOM: true; readonly fatal?: boolean });
  /** @throws TypeError if `fatal` is set and the bytes are not UTF-8. */
  decode(bytes: Uint8Array, options?: { readonly stream: true }): string;
}
/** @throws if a character is above U+00FF */
declare function btoa(text: string): string;
