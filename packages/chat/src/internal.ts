export { requireAgreement } from './agreed-limits.js';
export { AnswerBytes, jsonBytes, takeFitting } from './answer-bytes.js';
export {
  BLOCK_MESSAGES,
  blockOf,
  buildFilter,
  compileFilterTest,
  FILTER_HASHES,
  hashToken,
} from './block-filter.js';
export { isGood as isGoodInvite, mayInvite } from './decide-invites.js';
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
export { fitPage } from './fit-page.js';
export { foldName } from './fold-name.js';
export { filesOf, messageRow, seenRow } from './message-row.js';
export { cleanName, isBlank, isNameText } from './name-text.js';
export { outlineOf } from './outline.js';
export { OWN_SETTINGS, STORE_ID_SETTING, STORE_SECRET_SETTING } from './own-settings.js';
export { type PagePlan, type PageSides, pageSides, planPage } from './page-plan.js';
export { PositionHeap } from './position-heap.js';
export { coverReadable } from './readable-page.js';
export {
  compareSearchPositions,
  isSearchPlace,
  isWanted,
  messageTokens,
  searchPosition,
  type WantedTokens,
  wantedTokens,
} from './search.js';
export { hasSameSearchText, SEARCH_TEXT_VERSION as searchTextVersion } from './search-text.js';
export { nextSpan, searchStart, wholeBlocks } from './search-trail.js';
export { beginStay, endStay, type StayChanges, stayChanges } from './stays.js';
export {
  planThreadPage,
  type ThreadPlace,
  type ThreadPlan,
  type ThreadReader,
  withSeenReplies,
} from './thread-page.js';
export {
  hasMet,
  headFor,
  isMemberOf,
  isOpen,
  isVisible,
  isWithin,
  openPeriod,
  type VisibleRange,
  visibleSpans,
} from './visibility.js';
export { isWellFormed } from './well-formed.js';
