import type { ChatErrorCode, ChatLimits, Request } from '@everywire/chat';
import { isBlank, isNameText } from '@everywire/chat/internal';

/**
 * Checks bounds that a schema cannot report with the right code: bytes, counts and blankness. Returns `null` if the
 * request is within all of them.
 */
export function checkRequest(request: Request, limits: ChatLimits): ChatErrorCode | null {
  switch (request.command) {
    case 'send':
      if (request.files !== undefined && request.text === '') return checkCount(request.files, limits.filesMax);
      return checkText(request.text, limits.textBytesMax);
    case 'edit':
      return checkText(request.text, limits.textBytesMax);
    case 'react':
      return isEmoji(request.emoji, limits.emojiBytesMax) ? null : 'invalid';
    case 'hide':
      return request.messages.length === 0 ? 'invalid' : checkCount(request.messages, limits.namesMax);
    case 'draft':
      return bytesOf(request.text) > limits.draftBytesMax ? 'too_long' : null;
    case 'rename':
    case 'createChannel':
      return checkName(request.name, limits);
    case 'createGroup':
      return checkName(request.name, limits) ?? checkCount(request.users, limits.addUsersMax);
    case 'add':
      return request.users.length === 0 ? 'invalid' : checkCount(request.users, limits.addUsersMax);
    case 'watch':
      return checkCount(request.conversations, limits.watchedConversationsMax);
    case 'watchPresence':
      return checkCount(request.users, limits.watchedUsersMax);
    case 'people':
      return checkCount(request.ids, limits.namesMax);
    case 'messages':
      return checkCount(request.names, limits.namesMax);
    case 'page':
      return request.limit > limits.pageRowsMax ? 'too_many' : null;
    default:
      return null;
  }
}

function checkText(text: string, bytesMax: number): ChatErrorCode | null {
  if (bytesOf(text) > bytesMax) return 'too_long';
  return isBlank(text) ? 'invalid' : null;
}

/** A name must be one visible line, because it appears in other users' lists and notifications. */
function checkName(name: string, limits: ChatLimits): ChatErrorCode | null {
  if ([...name].length > limits.nameCharactersMax) return 'too_long';
  return isNameText(name) ? null : 'invalid';
}

function checkCount(items: readonly unknown[], max: number): ChatErrorCode | null {
  return items.length > max ? 'too_many' : null;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Returns whether the text is one emoji as users perceive it: a pictograph with its modifiers, a flag, or a keycap.
 * Applies to removal as well, so that nothing else is ever stored.
 */
function isEmoji(text: string, bytesMax: number): boolean {
  if (bytesOf(text) > bytesMax || !/^[\p{Extended_Pictographic}\p{Regional_Indicator}\d#*]/u.test(text)) return false;
  if (/^[\d#*]/.test(text) && !text.endsWith('\u20e3')) return false;
  return [...graphemes.segment(text)].length === 1;
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
