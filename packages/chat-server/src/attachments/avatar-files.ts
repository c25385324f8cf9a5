import type { FileName } from '@everywire/chat';

/** Below the address that the cookie of files is good for, so that `img` may show them. */
export const avatarsPath = '/api/files/avatars';

const ending = '.avatar';

/** The name under which the bytes of a picture of a person are kept. */
export function avatarFile(id: string): FileName {
  return `${id}${ending}`;
}

/** Where a picture of a person is asked for: what the account says as its `avatar`. */
export function avatarAddress(id: string): string {
  return `${avatarsPath}/${id}`;
}

/** Returns the file that an account names by its `avatar`; `null` where it names none, or an address elsewhere. */
export function avatarFileAt(avatar: string): FileName | null {
  return avatar.startsWith(`${avatarsPath}/`) ? avatarFile(avatar.slice(avatarsPath.length + 1)) : null;
}

/** Returns what an account has to say for naming this file; `null` where the file is no picture of a person. */
export function addressOfAvatarFile(name: FileName): string | null {
  return name.endsWith(ending) ? avatarAddress(name.slice(0, -ending.length)) : null;
}
