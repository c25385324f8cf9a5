import type { FileRef } from '@everywire/chat';
import { thumbHashToDataURL } from 'thumbhash';

/** A file that is shown as a picture: the server has measured it. */
export type PictureRef = FileRef & { readonly picture: NonNullable<FileRef['picture']> };

export function isPicture(file: FileRef): file is PictureRef {
  return file.kind === 'image' && file.picture !== undefined;
}

/** `null` where it is none: the server made it, but it came over a wire. */
export function placeholderAddress(placeholder: string): string | null {
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(placeholder), (sign) => sign.charCodeAt(0)));
  } catch {
    return null;
  }
}
