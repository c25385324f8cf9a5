import { createHash, randomBytes } from 'node:crypto';

/** Returns the answer to a client's initial `info` request. */
export function infoJson(websocket: boolean, cookie: boolean): string {
  const entropy = randomBytes(4).readUInt32BE();
  return JSON.stringify({ websocket, origins: ['*:*'], cookie_needed: cookie, entropy });
}

/**
 * The page that a client loads into an iframe if its browser cannot send cross-origin requests, as the protocol
 * specifies it.
 */
export interface FramePage {
  readonly html: string;
  readonly etag: string;
  /** Returns its Content-Security-Policy. */
  policy(ancestors: string): string;
}

/**
 * Creates the page.
 *
 * @param clientUrl address of sockjs-client's script. @throws TypeError if it is not the address of a script
 */
export function createFramePage(clientUrl: string): FramePage {
  if (!/^(https?:\/)?\/[^\s"'<>;,]+$/.test(clientUrl))
    throw new TypeError(`clientUrl: ${JSON.stringify(clientUrl)} is not an address such as /sockjs.min.js`);
  const html = `<!DOCTYPE html>
<html>
<head>
  <meta http-equiv="X-UA-Compatible" content="IE=edge" />
  <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
  <script>
    document.domain = document.domain;
    _sockjs_onload = function(){SockJS.bootstrap_iframe();};
  </script>
  <script src="${clientUrl}"></script>
</head>
<body>
  <h2>Don't panic!</h2>
  <p>This is a SockJS hidden iframe. It's used for cross domain magic.</p>
</body>
</html>`;
  const etag = `"${createHash('sha256').update(html).digest('base64url')}"`;
  return {
    html,
    etag,
    policy: (ancestors) =>
      "default-src 'none'; connect-src 'self'; frame-src 'self'; " +
      `script-src 'self' 'unsafe-inline' ${clientUrl.startsWith('http') ? clientUrl : ''}; frame-ancestors ${ancestors}`,
  };
}
