import { beforeEach, describe, expect, test } from 'vitest';
import { guardCompositions } from './composition-guard.js';

// A composition is the input of characters by an input method. The Enter key that ends it must not send the message.

let window: EventTarget;
let reportsEndLate: boolean;
/** The keys that reach the page. */
let heard: string[];
beforeEach(() => {
  window = new EventTarget();
  reportsEndLate = false;
  heard = [];
  guardCompositions(window, () => reportsEndLate);
  window.addEventListener('keydown', (event) => heard.push((event as KeyboardEvent).key));
});

/** Dispatches a key event and returns whether its default was prevented. */
function dispatch(name: string, at: number, key: object = {}): boolean {
  const event = Object.assign(new Event(name, { cancelable: true }), { isComposing: false, keyCode: 13, ...key });
  Object.defineProperty(event, 'timeStamp', { value: at });
  return !window.dispatchEvent(event);
}

describe('[pain 8] the composition guard', () => {
  test('[pain 8] a key used by an input method is hidden from the page and left to the browser', () => {
    expect(dispatch('keydown', 0, { key: 'Enter', isComposing: true })).toBe(false);
    expect(dispatch('keydown', 0, { key: 'Escape', keyCode: 229 })).toBe(false);
    dispatch('compositionstart', 0);
    expect(dispatch('keydown', 10, { key: 'ArrowDown' })).toBe(false);
    expect(heard).toEqual([]);
    dispatch('compositionend', 20);
    dispatch('keydown', 21, { key: 'Enter' });
    expect(heard).toEqual(['Enter']);
  });

  test.each(['Enter', 'Escape', 'ArrowUp'])(
    '[pain 8] %s has no effect if Safari reports it after the composition has ended',
    (key) => {
      reportsEndLate = true;
      dispatch('compositionstart', 0);
      dispatch('compositionend', 1_000);
      expect(dispatch('keydown', 1_049, { key })).toBe(true);
      expect(heard).toEqual([]);
      dispatch('keydown', 1_049, { key });
      expect(heard).toEqual([key]);
    },
  );

  test('[pain 8] a key pressed later or one that types is not suppressed', () => {
    reportsEndLate = true;
    dispatch('compositionend', 1_000);
    dispatch('keydown', 1_010, { key: 'a' });
    dispatch('keydown', 1_050, { key: 'Enter' });
    expect(heard).toEqual(['a', 'Enter']);
  });
});
