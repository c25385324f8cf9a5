import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { bundleLicenses, licenseList } from '../everywire/bundle-licenses.ts';
import { emojiData } from './emoji-data.ts';

/** Matches the module that imports everything a signed-in user needs. */
const chatModule = /[\\/]src[\\/]app[\\/]chat\.tsx$/;

/** Passes the chunks of the chat to `first-paint.js`, so that they are requested together with the page when a user is signed in. */
const nameTheChat: Plugin = {
  name: 'name-the-chat',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) => {
      const built = Object.values(bundle ?? {});
      const chat = built.find((one) => one.type === 'chunk' && one.moduleIds.some((module) => chatModule.test(module)));
      if (chat?.type !== 'chunk') return html;
      const files = [chat.fileName, ...chat.imports, ...(chat.viteMetadata?.importedCss ?? [])];
      return html.replace('src="/first-paint.js"', `$& data-chat="${files.map((file) => `/${file}`).join(' ')}"`);
    },
  },
};

/** Bundles workspace packages from their sources, so that the page needs no built packages. */
export default defineConfig({
  plugins: [react(), emojiData, nameTheChat, bundleLicenses],
  resolve: {
    conditions: ['source', 'module', 'browser', 'development|production'],
    alias: [
      { find: /^entities$/, replacement: fileURLToPath(new URL('src/pane/decode-entities.ts', import.meta.url)) },
    ],
  },
  worker: { format: 'es' },
  build: {
    outDir: '../everywire/dist/page',
    emptyOutDir: true,
    license: licenseList,
    // The content security policy allows no `data:` fonts or styles, so small files stay files.
    assetsInlineLimit: 0,
    // The oldest browsers with container queries. Values such as `oklch` and `light-dark()` are converted for them.
    cssTarget: ['chrome105', 'edge105', 'firefox110', 'safari16'],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        hashCharacters: 'base36',
        // One file for each stage of the start. Otherwise each module that a later chunk shares becomes a file with its own headers.
        codeSplitting: {
          groups: [
            { name: 'start', tags: ['$initial'], priority: 3 },
            { name: 'chat', test: chatModule, priority: 2 },
            { name: 'fallback', test: /[\\/]transports[\\/]fallback\.ts$/, priority: 1 },
          ],
        },
      },
    },
  },
});
