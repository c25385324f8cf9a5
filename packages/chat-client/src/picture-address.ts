/** Where the picture of a group or channel is, by the id of its file. */
export function pictureAddress(file: string | null): string | null {
  return file === null ? null : `/api/files/${file}/preview`;
}
