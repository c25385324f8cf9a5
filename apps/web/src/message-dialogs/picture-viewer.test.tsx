// @vitest-environment happy-dom
import type { FileRef } from '@everywire/chat';
import type { Timeline, TimelineSnapshot } from '@everywire/chat-client';
import { fireEvent } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { entry, linWan, message } from '../../fixtures/cast.js';
import { en } from '../i18n/en.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { PictureViewer } from './picture-viewer.js';

const picture = (id: string): FileRef => ({
  id,
  name: `${id}.jpg`,
  kind: 'image',
  type: 'image/jpeg',
  size: 1,
  picture: { width: 4, height: 3, placeholder: '' },
});

/** Renders a conversation in which one file occurs twice, as after forwarding: heron, tern, heron, gull. */
function open(first: number) {
  const rows = ['heron', 'tern', 'heron', 'gull'].map((id, at) => ({
    ...message(at + 1, linWan, 1_000 * at, ''),
    files: [picture(id)],
  }));
  const snapshot: TimelineSnapshot = {
    rows,
    atStart: true,
    loading: false,
    unreadKey: null,
    unreadSought: false,
    pins: [],
    typing: [],
    error: null,
  };
  const { key: row, files } = rows[first - 1] as (typeof rows)[number];
  const onClose = vi.fn();
  const view = renderInPage(
    <PictureViewer
      snapshot={snapshot}
      onClose={onClose}
      entry={entry({ id: 12, title: 'Terns', activityAt: 1 })}
      timeline={{} as Timeline}
      first={{ row, file: files[0]?.id ?? '' }}
    />,
  );
  const shown = () => view.getByRole('status').textContent;
  const press = (key: string) => {
    fireEvent.keyDown(view.getByRole('dialog'), { key });
    return shown();
  };
  return { shown, press, onClose };
}

test('the arrow keys go through all pictures, including one that occurs twice', () => {
  const { shown, press, onClose } = open(1);
  const places = [shown(), press('ArrowRight'), press('ArrowRight'), press('ArrowRight'), press('ArrowLeft')];
  const expected = [
    [1, 'heron'],
    [2, 'tern'],
    [3, 'heron'],
    [4, 'gull'],
    [3, 'heron'],
  ] as const;
  expect(places).toEqual(expected.map(([at, name]) => `${en.messages.pictureOf(at, 4)}${name}.jpg`));
  expect(onClose).not.toHaveBeenCalled();
});

test('a picture opened from its second message is shown at that place', () => {
  expect(open(3).shown()).toContain(en.messages.pictureOf(3, 4));
});
