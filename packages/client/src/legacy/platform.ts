import type { Platform } from '../abilities.js';

/** The page as far as it is used here; anything may be missing. */
export interface OldPage extends Platform {
  readonly crypto?: { getRandomValues?(words: Uint32Array): Uint32Array };
  readonly Uint32Array?: new (length: number) => Uint32Array;
  readonly Uint8Array?: new (from: number | ArrayBuffer) => Uint8Array;
  readonly document?: { readonly hidden?: boolean };
  readonly location?: { readonly protocol: string; readonly host: string; readonly pathname: string };
  readonly navigator?: { sendBeacon?(url: string, body: string): boolean };
  everywire?: object;
}

/** The build calls what it makes with the page as `this`, and `globalThis` is that. */
export const platform: OldPage = globalThis as unknown as OldPage;
