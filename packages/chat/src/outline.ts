import type { Conversation } from './model.js';
import type { Outline } from './wire-invites.js';

/**
 * Returns the outline (a short description) that a user sees before joining. Omits the picture unless anyone may join,
 * because an invitation link does not grant access to files.
 */
export function outlineOf({ id, kind, name, picture, memberCount, settings }: Conversation): Outline {
  return { conversation: id, kind, name, picture: settings.join === 'anyone' ? picture : null, memberCount };
}
