import type { Profile, User } from '@everywire/chat';

/** A person as others may see them: what is not said is left out. */
export function profile({ id, name, displayName, status, avatar, role, state }: User): Profile {
  return {
    ...{ id, name, displayName },
    ...(status === '' ? {} : { status }),
    ...(avatar === '' ? {} : { avatar }),
    ...(role === 'guest' ? { guest: true } : {}),
    ...(state === 'active' ? {} : { state }),
  };
}
