// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { placeAt, placeOf } from './menu-place.js';

test('a menu along an element returns the focus to it, unless another element is given', () => {
  const element = document.createElement('button');
  const other = document.createElement('a');
  element.getBoundingClientRect = () => new DOMRect(10, 20, 30, 40);
  const box = { left: 10, top: 20, width: 30, height: 40 };
  expect(placeOf(element)).toEqual({ ...box, returnTo: element });
  expect(placeOf(element, other).returnTo).toBe(other);
});

test('a menu opens at a point', () => {
  const element = document.createElement('button');
  expect(placeAt(1, 2, element)).toEqual({ left: 1, top: 2, width: 0, height: 0, returnTo: element });
});
