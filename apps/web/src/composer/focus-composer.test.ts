// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { focusComposer, hasTouchKeyboard, rememberComposer } from './focus-composer.js';

beforeEach(() => {
  document.body.innerHTML = `
    <div class="pane" id="talk"><p></p><textarea data-composer id="first"></textarea></div>
    <div class="pane" id="thread"><p></p><textarea data-composer id="second"></textarea></div>
    <div class="pane" id="closed"><p></p></div>`;
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const at = (selector: string) => document.querySelector(selector) as HTMLElement;
const focused = () => document.activeElement?.id;

test('focusComposer focuses the composer of the same pane', () => {
  expect([focusComposer(at('#thread p')), focused()]).toEqual([true, 'second']);
  expect([focusComposer(at('#talk p')), focused()]).toEqual([true, 'first']);
});

test('focusComposer focuses the composer used last, while it exists', () => {
  rememberComposer(at('#second'));
  expect([focusComposer(), focused()]).toEqual([true, 'second']);
  expect([focusComposer(at('#closed p')), focused()]).toEqual([true, 'second']);
  expect([focusComposer(at('#talk p')), focused()]).toEqual([true, 'first']);
  at('#thread').remove();
  (document.activeElement as HTMLElement).blur();
  expect([focusComposer(), focused()]).toEqual([true, 'first']);
});

test('focusComposer focuses nothing without a composer', () => {
  document.body.innerHTML = '<button></button>';
  expect([focusComposer(), document.activeElement]).toEqual([false, document.body]);
});

test.each([true, false])('a coarse pointer implies an on-screen keyboard: %s', (coarse) => {
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: query === '(pointer: coarse)' && coarse }));
  expect(hasTouchKeyboard()).toBe(coarse);
});
