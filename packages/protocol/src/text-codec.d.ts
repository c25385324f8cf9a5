/**
 * The globals this package assumes of its host. Every browser and Node have them; they do no I/O.
 * Declared here because the package is compiled without the DOM and without Node's types.
 */
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label: 'utf-8', options: { readonly ignoreBOM: true; readonly fatal?: boolean });
  /** @throws TypeError if `fatal` and the bytes are not UTF-8. */
  decode(bytes: Uint8Array, options?: { readonly stream: true }): string;
}
/** @throws where a character is above U+00FF */
declare function btoa(text: string): string;
