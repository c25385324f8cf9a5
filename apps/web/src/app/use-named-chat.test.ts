// @vitest-environment happy-dom
import { act } from '@testing-library/react';
import { expect, onTestFinished, test } from 'vitest';
import { entry } from '../../fixtures/cast.js';
import { usePreferences } from '../design/preferences.js';
import { en } from '../i18n/en.js';
import { zh } from '../i18n/zh.js';
import { chatWith, renderHookInPage } from '../test-kit/render-in-page.js';
import { useNamedChat } from './use-named-chat.js';

test('useNamedChat titles notes in the page’s language, and keeps an unchanged entry the same object', () => {
  const notes = entry({ id: 1, kind: 'notes', title: '周屿', activityAt: 1 });
  const group = entry({ id: 2, title: 'Terns', activityAt: 1 });
  const chat = chatWith();
  chat.set({ conversations: [notes, group] });
  const { result } = renderHookInPage(() => ({ chat: useNamedChat(), prefer: usePreferences()[1] }), { chat });
  const first = result.current.chat;
  expect(first.conversations.map(({ title }) => title)).toEqual([en.notes, 'Terns']);
  expect(first.conversations[0]).toEqual({ ...notes, title: en.notes });
  expect(first.conversations[1]).toBe(group);

  act(() => chat.set({ loading: true }));
  expect(result.current.chat.loading).toBe(true);
  expect(result.current.chat.conversations[0]).toBe(first.conversations[0]);

  act(() => chat.change(1, { unread: 3 }));
  expect(result.current.chat.conversations[0]).toEqual({ ...notes, title: en.notes, unread: 3 });
  expect(result.current.chat.conversations[1]).toBe(group);

  act(() => result.current.prefer({ language: 'zh' }));
  onTestFinished(() => act(() => result.current.prefer({ language: 'en' })));
  expect(result.current.chat.conversations.map(({ title }) => title)).toEqual([zh.notes, 'Terns']);
  act(() => result.current.prefer({ language: 'en' }));
  expect(result.current.chat.conversations[0]?.title).toBe(en.notes);
});
