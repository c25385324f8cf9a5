export type Side = 'base' | 'candidate';
export type Figures = Readonly<Record<string, number>>;
export type PairedCells = Readonly<Record<Side, Figures>>;

export function measureRounds(options: {
  rounds: number;
  keys: readonly string[];
  run: (side: Side) => Promise<Figures>;
  onRound?: (cell: PairedCells, round: number) => void;
}): Promise<{ cells: PairedCells[]; failure?: string }>;
