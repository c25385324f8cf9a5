import type { ChatLimits, ErrorCode, Request } from '@everywire/chat';

/** Bounds that a schema cannot say with the right code: bytes, counts and blankness. `null` when the request keeps them all. */
export function checkRequest(request: Request, limits: ChatLimits): ErrorCode | null {
  switch (request.command) {
    case 'send':
      return checkText(request.text, limits.textBytesMax);
    case 'draft':
      return bytesOf(request.text) > limits.draftBytesMax ? 'too_long' : null;
    case 'rename':
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

function checkText(text: string, bytesMax: number): ErrorCode | null {
  if (bytesOf(text) > bytesMax) return 'too_long';
  return isBlank(text) ? 'invalid' : null;
}

/** A name is one visible line: it stands in lists and notifications of others. */
function checkName(name: string, limits: ChatLimits): ErrorCode | null {
  if ([...name].length > limits.nameCharactersMax) return 'too_long';
  return isBlank(name) || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(name) ? 'invalid' : null;
}

function checkCount(items: readonly unknown[], max: number): ErrorCode | null {
  return items.length > max ? 'too_many' : null;
}

/** Nothing to see: white space and format characters alone. */
function isBlank(text: string): boolean {
  return !/[^\s\p{C}]/u.test(text);
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
