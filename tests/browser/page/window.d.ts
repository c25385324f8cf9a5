import type { FixtureChat } from '../../../apps/web/fixtures/fixture-chat.js';

declare global {
  interface Window {
    /** The chat made up in memory behind the page under test. */
    fixture: FixtureChat;
  }
}
