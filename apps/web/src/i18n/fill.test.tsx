// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { renderInPage } from '../test-kit/render-in-page.js';
import { Fill } from './fill.js';

test.each([
  ['{who} added {people}', '<b>Ann</b> added <i>Bo</i>'],
  ['{people}, by {who}.', '<i>Bo</i>, by <b>Ann</b>.'],
  ['nobody', 'nobody'],
  ['{who}{who} {else}', '<b>Ann</b><b>Ann</b> '],
  ['{who}邀请了{people}等 3 人', '<b>Ann</b> 邀请了 <i>Bo</i> 等 3 人'],
])('the placeholders of %j are filled in the sentence’s order', (sentence, html) => {
  const { container } = renderInPage(<Fill sentence={sentence} who={<b>Ann</b>} people={<i>Bo</i>} />);
  expect(container.innerHTML).toBe(html);
});
