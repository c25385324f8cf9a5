import type { FileName } from '@everywire/chat';

/** Path of the avatars; below the path of the files cookie, so that `img` elements can load them. */
export const AVATARS_PATH = '/api/files/avatars';

const ENDING = '.avatar';

/** Returns the name under which the bytes of an avatar are stored. */
export function avatarFile(id: string): FileName {
  return `${id}${ENDING}`;
}

/** Returns the address of an avatar: the value of the account's `avatar`. */
export function avatarAddress(id: string): string {
  return `${AVATARS_PATH}/${id}`;
}

/** Returns the file that an account's `avatar` refers to; `null` if there is none or the address is elsewhere. */
export function avatarFileAt(avatar: string): FileName | null {
  return avatar.startsWith(`${AVATARS_PATH}/`) ? avatarFile(avatar.slice(AVATARS_PATH.length + 1)) : null;
}

/** Returns the `avatar` value that refers to this file; `null` if the file is not an avatar. */
export function addressOfAvatarFile(name: FileName): string | null {
  return name.endsWith(ENDING) ? avatarAddress(name.slice(0, -ENDING.length)) : null;
}
