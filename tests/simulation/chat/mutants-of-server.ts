import { type Mutant, mutantOf as one } from './mutant.js';

const chat = 'packages/chat/src';
const server = 'packages/chat-server/src';

/** Of what the chat server does between a request and the store. */
export const mutantsOfServer: readonly Mutant[] = [
  {
    // Any guard alone is enough: what stands behind another only loses a hint.
    name: 'no view version',
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
  one(
    'a repeated command is told again',
    100,
    `${server}/run-keyed-command.ts`,
    "if (change.outcome === 'committed') {",
    'if (true) {',
  ),
  one(
    'a search that forgets where it was told to look',
    100,
    `${server}/run-search-query.ts`,
    'places: places.length === 0 ? null : places,',
    'places: null,',
  ),
  one(
    'a view that ends no stay',
    300,
    `${server}/member-views.ts`,
    'change(view, ended, (periods) => endStay(periods, after));',
    '',
  ),
];
