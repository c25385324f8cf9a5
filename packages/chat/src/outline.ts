import type { Conversation } from './model.js';
import type { Outline } from './wire-invites.js';

/** Who is let in by a link alone may not have the files of a conversation, so that its picture is not named either. */
export function outlineOf({ id, kind, name, picture, memberCount, settings }: Conversation): Outline {
  return { conversation: id, kind, name, picture: settings.join === 'anyone' ? picture : null, memberCount };
}
