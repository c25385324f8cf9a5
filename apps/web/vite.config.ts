import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { bundleLicenses, licenseList } from '../everywire/bundle-licenses.ts';
import { emojiData } from './emoji-data.ts';

/** Passes the chunks of the chat to `first-paint.js`, so that they are requested together with the page when a user is signed in. */
const nameTheChat: Plugin = {
  name: 'name-the-chat',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) => {
      const built = Object.values(bundle ?? {});
      const chat = built.find(
        (one) => one.type === 'chunk' && one.facadeModuleId?.endsWith('/src/app/chat.tsx') === true,
      );
      if (chat?.type !== 'chunk') return html;
      const files = [chat.fileName, ...chat.imports, ...(chat.viteMetadata?.importedCss ?? [])];
      return html.replace('src="/first-paint.js"', `$& data-chat="${files.map((file) => `/${file}`).join(' ')}"`);
    },
  },
};

/** Bundles workspace packages from their sources, so that the page needs no built packages. */
export default defineConfig({
  plugins: [react(), emojiData, nameTheChat, bundleLicenses],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
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
    rolldownOptions: { output: { hashCharacters: 'base36' } },
  },
});
