import type { RatioSummary } from './paired-ratios.mjs';
import type { PairedCells } from './paired-rounds.mjs';

export interface Figure {
  readonly key: string;
  readonly unit: string;
}

export function judgeLoad(measured: { figures: readonly Figure[]; cells: readonly PairedCells[]; failure?: string }): {
  readonly verdict: 'no slower' | 'slower' | 'failed';
  readonly failure?: string;
  readonly figures: readonly (Figure & RatioSummary & { readonly exceeded: readonly string[] })[];
  readonly foreign: { readonly median: number; readonly most: number; readonly disturbed: boolean } | null;
};
