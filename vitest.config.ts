import { defineConfig } from 'vitest/config';
import { emojiData } from './apps/web/emoji-data.js';

/** Tests run against the TypeScript sources: the `source` condition of every package's exports map. */
export default defineConfig({
  plugins: [emojiData],
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['{packages,apps}/*/src/**/*.test.{ts,tsx}', 'tests/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Only a test that fails reaches its deadline: a busy machine of two cores must not.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    tags: [
      {
        name: 'wide',
        description: 'Left to `npm run test:all`: repeats with other values what a test of `npm test` shows.',
      },
    ],
    setupFiles: ['tests/property-seed.ts', 'tests/clear-page.ts'],
  },
});
