// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { focusComposer, hasTouchKeyboard, noteComposer } from './focus-composer.js';

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

test('the caret goes to the composer of the same pane', () => {
  expect([focusComposer(at('#thread p')), focused()]).toEqual([true, 'second']);
  expect([focusComposer(at('#talk p')), focused()]).toEqual([true, 'first']);
});

test('elsewhere it goes to the composer one wrote in last, as long as that is there', () => {
  noteComposer(at('#second'));
  expect([focusComposer(), focused()]).toEqual([true, 'second']);
  expect([focusComposer(at('#closed p')), focused()]).toEqual([true, 'second']);
  expect([focusComposer(at('#talk p')), focused()]).toEqual([true, 'first']);
  at('#thread').remove();
  (document.activeElement as HTMLElement).blur();
  expect([focusComposer(), focused()]).toEqual([true, 'first']);
});

test('without a composer nothing has the focus', () => {
  document.body.innerHTML = '<button></button>';
  expect([focusComposer(), document.activeElement]).toEqual([false, document.body]);
});

test.each([true, false])('a coarse pointer comes with a keyboard on the screen: %s', (coarse) => {
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: query === '(pointer: coarse)' && coarse }));
  expect(hasTouchKeyboard()).toBe(coarse);
});
