import type { StdioOptions } from 'node:child_process';

export function runForVerdict(
  program: string,
  args: readonly string[],
  options?: { readonly stdio?: StdioOptions },
): Promise<{ readonly passed: number; readonly failed: number }>;
