// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { aisha, linWan, noor } from '../../fixtures/cast.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { peopleNames } from './people-names.js';

const html = (...given: Parameters<typeof peopleNames>) => renderInPage(peopleNames(...given)).container.innerHTML;

test.each([
  [[], ''],
  [[linWan], '<bdi>林晚</bdi>'],
  [[linWan, noor], '<bdi>林晚</bdi> and <bdi>نور الهاشمي</bdi>'],
  [[linWan, noor, aisha], '<bdi>林晚</bdi>, <bdi>نور الهاشمي</bdi>, and <bdi>Aisha Khan</bdi>'],
])('names are joined in English: %#', (people, joined) => {
  expect(html(people, 'en')).toBe(joined);
});

test('in Chinese a space is added only next to a non-Han name, and the reader is called 你', () => {
  expect(html([linWan, aisha], 'zh')).toBe('<bdi>林晚</bdi>和 <bdi>Aisha Khan</bdi>');
  expect(html([aisha, linWan], 'zh', linWan.id)).toBe('<bdi>Aisha Khan</bdi> 和<bdi>你</bdi>');
});
