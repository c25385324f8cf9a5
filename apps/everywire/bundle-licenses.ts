import type { Plugin } from 'vite';

/** A bundled package and its licence, as Vite reports them. */
interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly identifier?: string;
  readonly text?: string;
}

/** The file that Vite writes; the plugin replaces it by `licenses.md`. */
const listedAs = 'licenses.json';

const terms = {
  ISC: `Permission to use, copy, modify, and/or distribute this software for any
purpose with or without fee is hereby granted, provided that the above
copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR
IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`,
  MIT: `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`,
} as const;

/**
 * The packages that are published without a licence text, each with the licence that its `package.json` states
 * (combine-errors: its readme), and the copyright line of its repository or else its author.
 */
const withoutText: Readonly<Record<string, { readonly licence: keyof typeof terms; readonly copyright: string }>> = {
  '@tus/utils': { licence: 'MIT', copyright: 'Copyright (c) 2015 tus - Resumable File Uploads' },
  'abstract-logging': { licence: 'MIT', copyright: 'Copyright (c) James Sumners' },
  'combine-errors': { licence: 'MIT', copyright: 'Copyright (c) Matthew Mueller' },
  'custom-error-instance': { licence: 'ISC', copyright: 'Copyright (c) James Speirs' },
  'pg-types': { licence: 'MIT', copyright: 'Copyright (c) 2014 Brian M. Carlson' },
  pgpass: { licence: 'MIT', copyright: 'Copyright (c) 2013-2016 Hannes Hörl' },
  'react-remove-scroll-bar': { licence: 'MIT', copyright: 'Copyright (c) 2025 Anton Korzunov <thekashey@gmail.com>' },
  thumbhash: { licence: 'MIT', copyright: 'Copyright (c) 2023 Evan Wallace' },
};

/** For Vite's `build.license`, together with the plugin. */
export const licenseList = { fileName: listedAs };

/** Writes `licenses.md`: each bundled package with its licence text. Fails the build if a text is missing. */
export const bundleLicenses: Plugin = {
  name: 'bundle-licenses',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const listed = bundle[listedAs];
      if (listed?.type !== 'asset') this.error(`Vite has not written ${listedAs}.`);
      delete bundle[listedAs];
      const packages = JSON.parse(String(listed.source)) as readonly BundledPackage[];
      this.emitFile({ type: 'asset', fileName: 'licenses.md', source: licensesPage(packages) });
    },
  },
};

/** Returns the page. @throws Error that names the packages without a licence text */
export function licensesPage(packages: readonly BundledPackage[]): string {
  const complete = packages.map(addText);
  const missing = complete.filter(({ text }) => text === undefined).map(({ name }) => name);
  if (missing.length > 0) throw new Error(`apps/everywire/bundle-licenses.ts has no licence of ${missing.join(', ')}.`);
  const sections = complete.map(({ name, version, identifier, text }) => {
    const licence = identifier === undefined ? '' : ` (${identifier})`;
    return `## ${name} - ${version}${licence}\n\n${text}\n`;
  });
  return ['# Licenses\n', 'The licences of the packages that are bundled here:\n', ...sections].join('\n');
}

function addText(bundled: BundledPackage): BundledPackage {
  const known = withoutText[bundled.name];
  if (bundled.text !== undefined || known === undefined) return bundled;
  // A later version may have another licence.
  if (bundled.identifier !== undefined && bundled.identifier !== known.licence) return bundled;
  return { ...bundled, identifier: known.licence, text: `${known.copyright}\n\n${terms[known.licence]}` };
}
