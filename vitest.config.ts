import { defineConfig } from 'vitest/config';

/** Tests run against the TypeScript sources: the `source` condition of every package's exports map. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Deadlines are only reached where a test fails: a busy machine of two cores shall not.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    setupFiles: ['tests/property-seed.ts'],
  },
});
