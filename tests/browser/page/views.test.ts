import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { cutOffTexts } from './cut-off-texts.js';
import { drawFiles } from './draw-files.js';
import { openFixture } from './fixture-page.js';
import { type View, views } from './views.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** `npm run pictures` sets the variable, to renew the pictures in the documentation. */
const target = join(root, process.env['EVERYWIRE_PICTURES'] ?? 'artifacts', 'views');

const wide = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
const pairs = [
  { size: 'wide', viewport: wide, language: 'en', theme: 'light' },
  { size: 'phone', viewport: phone, language: 'en', theme: 'dark' },
  { size: 'wide', viewport: wide, language: 'zh', theme: 'dark' },
  { size: 'phone', viewport: phone, language: 'zh', theme: 'light' },
] as const;

async function show({ query, list, act }: View, { size, viewport, language, theme }: (typeof pairs)[number]) {
  const [search = '', hash] = query.split('#');
  const all = new URLSearchParams(search);
  all.set('lang', language);
  all.set('theme', theme);
  if (language === 'en') all.set('story', 'en');
  if (size === 'phone' && list === true) all.set('open', '0');
  const locale = language === 'en' ? 'en-GB' : 'zh-CN';
  const address = `?${all}${hash === undefined ? '' : `#${hash}`}`;
  const { page, problems } = await openFixture(address, { viewport, locale, reducedMotion: 'reduce' }, drawFiles);
  await act?.(page);
  await page.evaluate(() => document.fonts.ready);
  return { page, problems };
}

const byName = views.map((view) => [view.name, view] as const);

describe.each(pairs.map((pair) => [pair.language, pair.size, pair.theme, pair] as const))(
  'in %s on a %s window, %s',
  { tags: ['wide'] },
  (_language, _size, _theme, pair) => {
    test.each(byName)('the view %s is drawn without errors, and no text is cut off', async (name, view) => {
      const { page, problems } = await show(view, pair);
      await mkdir(target, { recursive: true });
      const picture = sharp(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
      await picture.webp({ quality: 82 }).toFile(join(target, `${name}-${pair.size}.${pair.language}.webp`));
      expect(await cutOffTexts(page)).toEqual([]);
      expect(await violationsOf(page)).toEqual([]);
      expect(problems).toEqual([]);
    });
  },
);

/** Returns the rules for accessibility that the page breaks, with the elements. Menus are outside of all landmarks, as usual. */
async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run({ exclude: ['[data-radix-popper-content-wrapper]'] }),
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
