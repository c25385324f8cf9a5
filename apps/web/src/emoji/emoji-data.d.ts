declare module 'virtual:emoji-data' {
  /** As `emoji-data.ts` of the build says. */
  export const lines: string;
}
