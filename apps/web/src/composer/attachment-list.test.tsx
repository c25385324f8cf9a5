// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { en } from '../i18n/en.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { AttachmentList } from './attachment-list.js';
import type { PendingAttachments, UploadItem } from './pending-attachments.js';

const item: UploadItem = {
  ...{ key: 3, name: 'a.txt', sizeBytes: 2_100, picture: null, percent: 40, failed: false, waiting: false },
};

function render(items: readonly UploadItem[]) {
  const attachments = { retry: vi.fn(), remove: vi.fn() };
  const view = renderInPage(
    <AttachmentList
      uploads={{ items, attachments: attachments as Partial<PendingAttachments> as PendingAttachments }}
    />,
  );
  return { ...view, attachments };
}

test('an uploading file shows its progress and can be removed', () => {
  const { getByRole, queryAllByRole, attachments } = render([item]);
  const progress = getByRole('progressbar', { name: en.messages.uploading('a.txt', 40) }) as HTMLProgressElement;
  expect([progress.value, progress.max]).toEqual([40, 100]);
  expect(progress.nextElementSibling?.textContent).toBe('40 % · 2.1 kB');
  expect(queryAllByRole('button').map((button) => button.getAttribute('aria-label'))).toEqual([
    en.messages.removeFile('a.txt'),
  ]);
  expect(getByRole('listitem').dataset['failed']).toBe('false');
  fireEvent.click(getByRole('button', { name: en.messages.removeFile('a.txt') }));
  expect([attachments.remove.mock.calls, attachments.retry.mock.calls]).toEqual([[[3]], []]);
});

test('a failed file shows the failure instead of its progress and can be retried', () => {
  const { getByRole, getByText, queryByRole, attachments } = render([{ ...item, failed: true }]);
  expect(queryByRole('progressbar')).toBeNull();
  getByText(en.messages.notUploaded);
  fireEvent.click(getByRole('button', { name: en.messages.retryFile('a.txt') }));
  expect([attachments.retry.mock.calls, attachments.remove.mock.calls]).toEqual([[[3]], []]);
});

test('a picture is shown as a preview, another file as an icon', () => {
  const { container } = render([item, { ...item, key: 4, picture: 'blob:a' }]);
  expect(
    [...container.querySelectorAll('li')].map((li) => li.querySelector('img')?.getAttribute('src') ?? null),
  ).toEqual([null, 'blob:a']);
});

test('a file that waits for the connection says so instead of its progress', () => {
  const { getByText, queryByRole } = render([{ ...item, waiting: true }]);
  expect(queryByRole('progressbar')).toBeNull();
  getByText(en.messages.waitsForConnection);
});
