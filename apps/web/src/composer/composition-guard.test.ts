import { beforeEach, describe, expect, test } from 'vitest';
import { guardCompositions } from './composition-guard.js';

let window: EventTarget;
let tellsLate: boolean;
let heard: string[];
beforeEach(() => {
  window = new EventTarget();
  tellsLate = false;
  heard = [];
  guardCompositions(window, () => tellsLate);
  window.addEventListener('keydown', (event) => heard.push((event as KeyboardEvent).key));
});

/** Answers whether the browser was kept from doing what the event does. */
function tell(name: string, at: number, key: object = {}): boolean {
  const event = Object.assign(new Event(name, { cancelable: true }), { isComposing: false, keyCode: 13, ...key });
  Object.defineProperty(event, 'timeStamp', { value: at });
  return !window.dispatchEvent(event);
}

describe('[pain 8] a key that an input method has', () => {
  test('is told to nobody in the page, and left to the browser', () => {
    expect(tell('keydown', 0, { key: 'Enter', isComposing: true })).toBe(false);
    expect(tell('keydown', 0, { key: 'Escape', keyCode: 229 })).toBe(false);
    tell('compositionstart', 0);
    expect(tell('keydown', 10, { key: 'ArrowDown' })).toBe(false);
    expect(heard).toEqual([]);
    tell('compositionend', 20);
    tell('keydown', 21, { key: 'Enter' });
    expect(heard).toEqual(['Enter']);
  });

  test.each(['Enter', 'Escape', 'ArrowUp'])('and that Safari tells after the end does nothing: %s', (key) => {
    tellsLate = true;
    tell('compositionstart', 0);
    tell('compositionend', 1_000);
    expect(tell('keydown', 1_049, { key })).toBe(true);
    expect(heard).toEqual([]);
    tell('keydown', 1_049, { key });
    expect(heard).toEqual([key]);
  });

  test('is not one that is pressed later, nor one that writes', () => {
    tellsLate = true;
    tell('compositionend', 1_000);
    tell('keydown', 1_010, { key: 'a' });
    tell('keydown', 1_050, { key: 'Enter' });
    expect(heard).toEqual(['a', 'Enter']);
  });
});
