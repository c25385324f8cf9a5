import type { Profile, User } from '@everywire/chat';

/** Returns the public profile of a user; leaves out empty parts. */
export function profile({ id, name, displayName, status, avatar, role, state }: User): Profile {
  return {
    id,
    name,
    displayName,
    ...(status === '' ? {} : { status }),
    ...(avatar === '' ? {} : { avatar }),
    ...(role === 'guest' ? { guest: true } : {}),
    ...(state === 'active' ? {} : { state }),
  };
}
