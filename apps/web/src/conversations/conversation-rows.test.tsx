// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FixtureChat } from '../../fixtures/fixture-chat.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { ConversationRows } from './conversation-rows.js';

const noConversations = { wire: 'fine', empty: true, typing: false, rich: false, album: false, talks: false } as const;

/** Renders the rows that match a query. */
function RowsFor({ query }: { readonly query: string }) {
  return (
    <ConversationRows open={null} query={query} empty={null} onPick={() => undefined} onSearch={() => undefined} />
  );
}

test('a direct conversation is found by the title and the username, without accents', () => {
  const { rerender, container } = renderInPage(<RowsFor query="tomas r" />);
  const titles = () => [...container.querySelectorAll('.conversation .name')].map((name) => name.textContent);
  expect(titles()).toEqual(['Tomás Reyes']);
  rerender(<RowsFor query="chenmo" />);
  expect(titles()).toEqual(['陈默']);
  rerender(<RowsFor query="nobody" />);
  expect(titles()).toEqual([]);
});

test('a Chinese title and name are found by pinyin and by its initials', async () => {
  const { rerender, findByText, queryByText } = renderInPage(<RowsFor query="cm" />);
  await findByText('陈默');
  rerender(<RowsFor query="chenmo" />);
  await findByText('陈默');
  rerender(<RowsFor query="zl" />);
  expect(queryByText('陈默')).toBeNull();
});

test('search results take the place of the first-run page', () => {
  const rows = (query: string) => (
    <ConversationRows
      open={null}
      query={query}
      empty={<p>first steps</p>}
      onPick={() => undefined}
      onSearch={() => undefined}
    />
  );
  const { rerender } = renderInPage(rows(''), new FixtureChat({ ...noConversations, history: null }));
  expect(screen.queryByText('first steps')).not.toBeNull();
  rerender(rows('lin'));
  expect(screen.queryByText('first steps')).toBeNull();
});
