/** Where a file of a message is, on the server this page came from. The browser shows a cookie for it. */
export function fileAddress(id: string): string {
  return `/api/files/${id}`;
}
