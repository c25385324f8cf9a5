import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

type Tokens = Readonly<Record<string, string>>;

const css = readFileSync(new URL('../../../apps/web/src/design/tokens.css', import.meta.url), 'utf8');
const plain = css.replace(/\/\*[\s\S]*?\*\//g, '');
const base = tokensOf(':root');
const appearances = [
  ['light', base, false],
  ['dark', base, true],
  ['light, more contrast', { ...base, ...tokensOf(':root[data-contrast="more"]') }, false],
  ['dark, more contrast', { ...base, ...tokensOf(':root[data-contrast="more"]') }, true],
] as const;

const grounds = ['list', '', 'raised', 'float', 'sunken', 'hover', 'selected'].map(
  (name) => `ground${name && '-'}${name}`,
);

/** Foreground, background, least ratio, least ratio with more contrast. */
const pairs: readonly (readonly [string, string, number, number])[] = [
  ...grounds.flatMap(
    (ground) =>
      [
        ['ink', ground, 7, 7],
        ['ink-2', ground, 7, 7],
        ['ink-3', ground, 4.5, 7],
        ['ink-action', ground, 4.5, 7],
        ['ink-call', ground, 4.5, 7],
        ['ink-failed', ground, 4.5, 7],
      ] as const,
  ),
  ['ink', 'ground-own', 7, 7],
  ['ink-own-2', 'ground-own', 4.5, 7],
  ['ink-action', 'ground-own', 4.5, 7],
  ['ink', 'ground-failed', 7, 7],
  ['ink-failed', 'ground-failed', 4.5, 7],
  ['ink-2', 'ground-track', 7, 7],
  ['ink', 'ground-thumb', 7, 7],
  ['on-action', 'fill-action', 4.5, 7],
  ['on-action', 'fill-action-hover', 4.5, 4.5],
  ['on-call', 'fill-call', 4.5, 7],
  ['on-count', 'fill-count', 4.5, 7],
  ...['line-control', 'ring', 'wire-slow', 'wire-cut'].flatMap((front) =>
    ['ground', 'ground-list', 'ground-raised'].map((ground) => [front, ground, 3, 3] as const),
  ),
  ...[1, 2, 3, 4, 5, 6].map((tint) => ['on-tint', `tint-${tint}`, 7, 7] as const),
];

describe('the tokens', () => {
  for (const [name, tokens, dark] of appearances) {
    test(`[item 38] the colour tokens have every promised contrast: ${name}`, () => {
      const more = name.includes('more');
      const short = pairs.flatMap(([front, back, least, leastMore]) => {
        const ratio = contrast(luminance(tokens, `--${front}`, dark), luminance(tokens, `--${back}`, dark));
        // Also fails if a token is missing: no comparison with NaN is true.
        return ratio >= (more ? leastMore : least) ? [] : [`${front} on ${back}: ${ratio.toFixed(2)}`];
      });
      expect(short).toEqual([]);
    });
  }
});

function tokensOf(selector: string): Tokens {
  const start = plain.indexOf(`${selector} {`);
  const body = plain.slice(plain.indexOf('{', start) + 1, plain.indexOf('}', start));
  return Object.fromEntries(
    [...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? '', (match[2] ?? '').trim()]),
  );
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** Returns the relative luminance (WCAG 2) of a token, through `light-dark()` and `var()`. */
function luminance(tokens: Tokens, name: string, dark: boolean): number {
  const value = (tokens[name] ?? '').replace(/\s+/g, ' ');
  const pair = /^light-dark\( ?((?:[^()]|\([^()]*\))+), ((?:[^()]|\([^()]*\))+)\)$/.exec(value);
  const chosen = (pair === null ? value : (pair[dark ? 2 : 1] ?? '')).trim();
  const reference = /^var\((--[\w-]+)\)$/.exec(chosen);
  if (reference !== null) return luminance(tokens, reference[1] ?? '', dark);
  const [lightness = Number.NaN, chroma = 0, hue = 0] = (/oklch\(([^/)]+)/.exec(chosen)?.[1] ?? '')
    .trim()
    .split(/\s+/)
    .map(Number);
  return oklchLuminance(lightness, chroma, hue);
}

function oklchLuminance(lightness: number, chroma: number, hue: number): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const inside = (value: number) => Math.min(1, Math.max(0, value));
  const red = inside(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = inside(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = inside(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
