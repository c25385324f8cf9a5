import type { Conversation } from './model.js';
import type { Outline } from './wire-invites.js';

/**
 * Returns the outline that an invitation shows. Omits the picture unless anyone may join, because a link does not grant access to
 * files.
 */
export function outlineOf({ id, kind, name, picture, memberCount, settings }: Conversation): Outline {
  return { conversation: id, kind, name, picture: settings.join === 'anyone' ? picture : null, memberCount };
}
