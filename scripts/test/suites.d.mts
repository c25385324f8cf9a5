import type { Suite } from './run-suite.mjs';

export const suites: readonly (Suite & { readonly cores: number; readonly seconds: readonly number[] })[];
