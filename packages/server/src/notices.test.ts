import { expect, it } from 'vitest';
import { createNotices, type ServerNotice } from './notices.js';

it('createNotices reports each code once an interval, with the number of withheld notices', () => {
  let time = 0;
  const reported: ServerNotice[] = [];
  const notices = createNotices(
    (notice) => reported.push(notice),
    () => time,
    1_000,
  );
  for (let i = 0; i < 5; i++) notices.report('busy', 'Too many.');
  notices.report('other', 'Something else.');
  time = 999;
  notices.report('busy', 'Too many.');
  time = 1_000;
  notices.report('busy', 'Too many.');
  expect(reported).toEqual([
    { code: 'busy', text: 'Too many.' },
    { code: 'other', text: 'Something else.' },
    { code: 'busy', text: 'Too many. (5 more like it since the last notice)' },
  ]);
  expect(notices.counts()).toEqual({ busy: 7, other: 1 });
});
