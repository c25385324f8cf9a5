import type { judgeLoad } from './judge-load.mjs';

export function loadLines(judged: ReturnType<typeof judgeLoad>): string[];
export function verdictLine(results: readonly (ReturnType<typeof judgeLoad> & { readonly load: string })[]): string;
