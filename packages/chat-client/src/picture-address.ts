/** Returns the address of a group's or channel's picture by the id of its file; `null` for none. */
export function pictureAddress(file: string | null): string | null {
  return file === null ? null : `/api/files/${file}/preview`;
}
