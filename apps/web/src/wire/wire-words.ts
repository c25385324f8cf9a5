import type { Words } from '../i18n/zh.js';
import type { WireView } from './wire-view.js';

/** Returns the connection state in one or two words, for the list's footer. */
export function stateWords(view: WireView, words: Words): string {
  switch (view.line) {
    case 'fine':
    case 'stream':
    case 'poll':
      return view.transport === null ? words.connecting : words.live;
    case 'slow':
      return words.slow;
    case 'again':
      return view.first ? words.connecting : words.reconnecting;
    case 'blocked':
      return words.blocked;
    case 'cut':
      return words.cut;
  }
}
