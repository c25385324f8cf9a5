// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { entry, me } from '../../fixtures/cast.js';
import { voiceFile } from '../composer/voice-recording.js';
import { en } from '../i18n/en.js';
import { autoDirection } from '../test-kit/first-strong.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { Preview } from './preview.js';

const picture = { name: 'bay.png', type: 'image/png' };
test.each([
  [[voiceFile([], 'audio/webm', new Date(2026, 10, 21, 9, 5, 7))], 'Voice message'],
  [[voiceFile([], 'audio/mp4', new Date(2026, 10, 21, 9, 5, 7))], 'Voice message'],
  [[{ name: 'voice of the lake.mp3', type: 'audio/mpeg' }], 'File: voice of the lake.mp3'],
  [[{ name: 'terns.mp4', type: 'video/mp4' }], 'Video'],
  [[picture], 'Image'],
  [[picture, { name: 'tides.pdf', type: '' }, picture], '2 images, File: tides.pdf'],
])('a message of the files %j only is previewed as %j', (files, shown) => {
  const text = files.map(({ name }) => name).join(', ');
  const preview = { sequence: null, sender: null, text, files, service: null, pending: true };
  const conversation = { ...entry({ id: 7, title: 'Terns', activityAt: 1 }), preview };
  const { container } = renderInPage(<Preview entry={conversation} own={me.id} current={false} showTyping={false} />);
  expect(container.querySelector('.last')?.lastChild?.textContent).toBe(shown);
});

test('an unsent message is marked with a clock while it waits and an alert if it failed', () => {
  const marks = ([{ pending: false }, { pending: true }, { pending: true, failed: true }] as const).map((state) => {
    const preview = { sequence: null, sender: me, text: 'terns', service: null, ...state };
    const conversation = { ...entry({ id: 7, title: 'Terns', activityAt: 1 }), preview };
    const { container, unmount } = renderInPage(
      <Preview entry={conversation} own={me.id} current={false} showTyping={false} />,
    );
    const mark = container.querySelector('.unsent');
    const said = mark && [mark.textContent?.trim(), mark.querySelector('svg.lucide-clock') !== null];
    unmount();
    return said;
  });
  expect(marks).toEqual([null, [en.waiting, true], [en.notSentMark, false]]);
});

test.each([
  ['the last message', { text: 'مرحبا!' }, ''],
  ['a draft', { text: 'hello' }, 'مرحبا!'],
])('%s in Arabic is truncated at its end, whatever the language of the text before it', (_what, said, draft) => {
  const preview = { sequence: null, sender: null, service: null, pending: true, ...said };
  const conversation = { ...entry({ id: 7, title: 'Terns', activityAt: 1 }), preview, draft };
  const { container } = renderInPage(<Preview entry={conversation} own={me.id} current={false} showTyping={false} />);
  const line = container.querySelector('.last[dir="auto"]') as Element;
  expect(autoDirection(line)).toBe('rtl');
});
