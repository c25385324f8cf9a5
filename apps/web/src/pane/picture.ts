import type { FileRef } from '@everywire/chat';
import { thumbHashToDataURL } from 'thumbhash';

/** A file that is shown as a picture, because the server has measured it. */
export type PictureRef = FileRef & { readonly picture: NonNullable<FileRef['picture']> };

/** Returns whether a file is shown as a picture. */
export function isPicture(file: FileRef): file is PictureRef {
  return file.kind === 'image' && file.picture !== undefined;
}

/** Returns the data URL of a placeholder (ThumbHash), or `null` if it is invalid: data from the network is not trusted. */
export function placeholderAddress(placeholder: string): string | null {
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(placeholder), (sign) => sign.charCodeAt(0)));
  } catch {
    return null;
  }
}
