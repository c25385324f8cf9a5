import type { KeyedCommand, Query } from './wire.js';
import type { CursorCommand, SessionCommand } from './wire-cursors.js';

/**
 * The commands that have an id and are stored in the client's outbox. The compiler reports an error if one is omitted.
 */
const keyed: Readonly<Record<KeyedCommand['command'], true>> = {
  createDirect: true,
  createGroup: true,
  send: true,
  forward: true,
  edit: true,
  recall: true,
  react: true,
  pin: true,
  hide: true,
  add: true,
  remove: true,
  leave: true,
  rename: true,
  createChannel: true,
  createNotes: true,
  setRole: true,
  configure: true,
  setPicture: true,
  delete: true,
  arrange: true,
  mute: true,
  notify: true,
  mark: true,
  clear: true,
  dismiss: true,
  createInvite: true,
  revokeInvite: true,
  join: true,
  block: true,
  setReceipts: true,
};

const cursors: Readonly<Record<CursorCommand['command'], true>> = { read: true, delivered: true, draft: true };

const queries: Readonly<Record<Query['command'], true>> = {
  list: true,
  listPage: true,
  entry: true,
  page: true,
  changes: true,
  messages: true,
  versions: true,
  pins: true,
  hidden: true,
  members: true,
  readers: true,
  people: true,
  findPeople: true,
  search: true,
  findConversations: true,
  threads: true,
  invites: true,
  invitation: true,
  directory: true,
  privacy: true,
};

interface Named {
  readonly command: (KeyedCommand | CursorCommand | SessionCommand | Query)['command'];
}

/** Returns whether the request carries a command id. */
export function isKeyedCommand<Each extends Named>(
  request: Each,
): request is Extract<Each, { readonly command: KeyedCommand['command'] }> {
  return Object.hasOwn(keyed, request.command);
}

/** Returns whether the request moves a cursor or stores a draft. */
export function isCursorCommand<Each extends Named>(
  request: Each,
): request is Extract<Each, { readonly command: CursorCommand['command'] }> {
  return Object.hasOwn(cursors, request.command);
}

/** Returns whether the request only reads. */
export function isQuery<Each extends Named>(
  request: Each,
): request is Extract<Each, { readonly command: Query['command'] }> {
  return Object.hasOwn(queries, request.command);
}
