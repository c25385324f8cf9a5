export { isGood as isGoodInvite } from './decide-invites.js';
export {
  assembleEntry,
  compareListPositions,
  type EntryRows,
  entryActivity,
  type FollowedThread,
  findPreview,
  isDismissed,
  placeRank,
  threadEntry,
  unreadOf,
} from './entry.js';
export { type Commit, commitNotices } from './fan-out.js';
export { foldName } from './fold-name.js';
export { filesOf, messageRow, seenRow } from './message-row.js';
export { outlineOf } from './outline.js';
export { type PagePlan, planPage } from './page-plan.js';
export {
  compareSearchPositions,
  isSearchPlace,
  isWanted,
  messageTokens,
  searchPosition,
  type WantedTokens,
  wantedTokens,
} from './search.js';
export { searchTextVersion } from './search-text.js';
export { readThreadPage, type ThreadReader, withSeenReplies } from './thread-page.js';
export { headFor, isMemberOf, isOpen, isVisible, isWithin, openPeriod, type Span, visibleSpans } from './visibility.js';
