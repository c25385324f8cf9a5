/** Returns the URL of a message's file on the server that this page came from. The browser authenticates with a cookie. */
export function fileAddress(id: string): string {
  return `/api/files/${id}`;
}
