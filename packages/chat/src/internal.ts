export {
  assembleEntry,
  compareListPositions,
  type EntryRows,
  entryActivity,
  previewSequence,
  unreadOf,
} from './entry.js';
export { type Commit, commitNotices } from './fan-out.js';
export { foldName } from './fold-name.js';
export { messageRow } from './message-row.js';
export { type PagePlan, planPage } from './page-plan.js';
export { headFor, isOpen, isVisible, isWithin, openPeriod, type Span, visibleSpans } from './visibility.js';
