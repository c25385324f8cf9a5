/** The used part of the terminal emulator; its own types require DOM types. */
declare module '@xterm/headless' {
  interface Buffer {
    readonly type: 'normal' | 'alternate';
    readonly viewportY: number;
    readonly cursorX: number;
    readonly cursorY: number;
    getLine(row: number): { translateToString(trimRight: boolean): string } | undefined;
  }
  class Terminal {
    constructor(options: { readonly rows: number; readonly cols: number; readonly allowProposedApi: boolean });
    readonly rows: number;
    readonly buffer: { readonly active: Buffer };
    write(data: Uint8Array): void;
    resize(columns: number, rows: number): void;
    dispose(): void;
  }
  const library: { readonly Terminal: typeof Terminal };
  // biome-ignore lint/style/noDefaultExport: as in the library.
  export default library;
}
