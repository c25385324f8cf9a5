/** Whether a value is a Blob or a File, of any realm or polyfill. Messages and buffers have no `size`. */
export function isBlob(value: unknown): value is Blob {
  const blob = value as Partial<Blob> | null | undefined;
  return !!blob?.slice && blob.size! >= 0;
}
