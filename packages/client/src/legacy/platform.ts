import type { Platform } from '../abilities.js';

/** The globals of the page that are used here. Any of them may be missing. */
export interface OldPage extends Platform {
  readonly crypto?: { getRandomValues?(words: Uint32Array): Uint32Array };
  readonly Uint32Array?: new (length: number) => Uint32Array;
  readonly Uint8Array?: new (from: number | ArrayBuffer) => Uint8Array;
  readonly document?: { readonly hidden?: boolean };
  readonly location?: { readonly protocol: string; readonly host: string; readonly pathname: string };
  readonly navigator?: { sendBeacon?(url: string, body: string): boolean };
  everywire?: object;
}

/** The page. The build calls its output with the page as `this`, which is also `globalThis`. */
export const platform: OldPage = globalThis as unknown as OldPage;
