import { type Mutant, mutantOf } from './mutant.js';

const chat = 'packages/chat/src';
const server = 'packages/chat-server/src';

/** Defects in the chat server, between a request and the store. */
export const mutantsOfServer: readonly Mutant[] = [
  {
    // Every guard alone is sufficient, because the others only lose a hint.
    name: 'views are used without a version check',
    found: { withinSeeds: 100 },
    patches: [
      {
        file: `${server}/member-views.ts`,
        find: 'known.epoch !== atLeast.epoch || known.membersAt < atLeast.membersAt',
        put: 'known.epoch !== atLeast.epoch',
      },
      {
        file: `${server}/member-views.ts`,
        find: 'if (membersBefore !== view.membersAt) return false;',
        put: 'if (membersBefore !== view.membersAt) return true;',
      },
      {
        file: `${chat}/fan-out.ts`,
        find: 'event: CommitEvent): NoticeAudience {\n  if (view.epoch !== event.epoch || view.membersAt < event.membersAt)',
        put: 'event: CommitEvent): NoticeAudience {\n  if (view.epoch !== event.epoch)',
      },
    ],
  },
  mutantOf(
    'a repeated command is published again',
    100,
    `${server}/run-keyed-command.ts`,
    "if (change.outcome === 'committed') {",
    'if (true) {',
  ),
  mutantOf(
    'a search ignores its places',
    100,
    `${server}/run-search-query.ts`,
    'places: places.length === 0 ? null : places,',
    'places: null,',
  ),
  mutantOf(
    'a view does not end a stay',
    300,
    `${server}/member-views.ts`,
    'change(view, ended, (periods) => endStay(periods, after));',
    '',
  ),
];
