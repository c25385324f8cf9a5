import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Workspace packages are bundled from their sources, so the page needs no built sibling. */
export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: 'dist',
    // The content security policy allows no `data:` fonts or styles; small files stay files.
    assetsInlineLimit: 0,
    // The oldest browsers with container queries; `oklch` and `light-dark()` get values they know.
    cssTarget: ['chrome105', 'edge105', 'firefox110', 'safari16'],
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { hashCharacters: 'base36' } },
  },
});
