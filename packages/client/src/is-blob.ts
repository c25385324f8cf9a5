/** Whether a value is a Blob or a File, of any realm or polyfill. Messages and buffers have no `size`. */
export function isBlob(value: unknown): value is Blob {
  const { size, slice } = Object(value);
  return slice && size >= 0;
}
