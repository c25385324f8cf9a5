import { basename, join, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { bundleLicenses, licenseList } from './bundle-licenses.ts';

/** Native packages, which are loaded from `node_modules` because they are compiled for one platform. */
const nativePackages = ['@node-rs/argon2', 'sharp'];

const packages = resolve(import.meta.dirname, '../../packages');

/** Matches the URL of the compiled file of a thread or process of the server. */
const programUrl = /new URL\('(?:\.\.\/)+dist\/([\w/-]+)\.js', import\.meta\.url\)/g;

/** Makes each such file a separate entry next to the chunks, and rewrites its URL. */
const programEntries: Plugin = {
  name: 'program-entries',
  enforce: 'pre',
  transform(code, id) {
    if (!id.startsWith(packages)) return null;
    const source = id.slice(0, id.lastIndexOf('/src/') + '/src'.length);
    return code.replaceAll(programUrl, (_, path) => {
      const fileName = `${basename(path)}.js`;
      this.emitFile({ type: 'chunk', id: join(source, `${path}.ts`), fileName });
      return `new URL('${fileName}', import.meta.url)`;
    });
  },
};

/**
 * The server in one bundle, from the sources of the packages: see
 * docs/decisions/0852-a-start-fetches-and-builds-little.md.
 */
export default defineConfig({
  plugins: [programEntries, bundleLicenses],
  ssr: {
    noExternal: true,
    external: nativePackages,
    resolve: { conditions: ['source', 'node'] },
  },
  build: {
    ssr: 'src/command.ts',
    target: 'node22',
    outDir: 'dist',
    // The page is there too.
    emptyOutDir: false,
    // A stack in a log has to be readable.
    minify: false,
    license: licenseList,
    rolldownOptions: { output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' } },
  },
});
