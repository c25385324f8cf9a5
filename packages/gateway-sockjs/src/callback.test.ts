import { expect, it } from 'vitest';
import { callbackOf } from './callback.js';

// Tests `callbackOf`, which reads the name of the JavaScript function that a SockJS client wants to be called.

it.each(['a', '_jp.abc', 'a.b.c.d', '$_1', 'a'.repeat(32)])('the callback name %s is accepted', (name) => {
  expect(callbackOf(`/x?t=1&c=${name}`)).toEqual({ name });
  expect(callbackOf(`/x?callback=${name}`)).toEqual({ name });
});

it.each([
  ...[
    'alert(1)//',
    'a</script>',
    '%0d%0aa',
    'a'.repeat(33),
    'a.b.c.d.e',
    '__proto__',
    'a.constructor',
    'é',
    '1a',
    'a..b',
  ],
])('the callback name %s is refused', (name) => {
  expect(callbackOf(`/x?c=${name}`)).toEqual({ fault: 'invalid "callback" parameter' });
});

it.each(['/x', '/x?c=', '/x?d=a'])('the callback name is required in %s', (url) => {
  expect(callbackOf(url)).toEqual({ fault: '"callback" parameter required' });
});
