export interface Job {
  readonly cores: number;
  readonly seconds: number;
}
export function runSideBySide<Some extends Job>(
  jobs: readonly Some[],
  options: { readonly cores: number; readonly run: (job: Some) => Promise<void> },
): Promise<void>;
