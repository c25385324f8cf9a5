export interface RatioSummary {
  readonly ratios: readonly number[];
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  readonly least: number;
  readonly most: number;
  readonly baseMedian: number;
  readonly candidateMedian: number;
}

export const NO_SLOWER: { readonly median: number; readonly lowerQuartile: number };
export function quantile(numbers: readonly number[], share: number): number;
export function summarizeRounds(rounds: readonly { base: number; candidate: number }[]): RatioSummary;
export function exceededLimits(summary: Pick<RatioSummary, 'median' | 'lowerQuartile'>): string[];
