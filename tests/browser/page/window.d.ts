import type { FixtureChat } from '../../../apps/web/fixtures/fixture-chat.js';

declare global {
  interface Window {
    /** The chat in memory behind the page under test. */
    fixture: FixtureChat;
    /** The keys of rows that a test has seen highlighted. */
    marked: string[];
  }
}
