/** Refuses a server of HTTP/2, on which one refused request would close the connection with all its streams. @throws TypeError */
export function refuseHttp2(server: object): void {
  // Of the kinds of servers, only those of HTTP/2 have this method.
  if ('updateSettings' in server)
    throw new TypeError('attach: a server of HTTP/2 is not supported; use a server of node:http or node:https');
}
