import {
  createAccountClient,
  createChatClient,
  createLinkClient,
  eraseOtherAccounts,
  openFiles,
  register,
  serverInfo,
  signIn,
} from '@everywire/chat-client';
import { createTabWireClient } from '@everywire/client/tabs';
import type { Backend } from './backend.js';

/** Returns the backend for the server that this page came from. */
export function serverBackend(): Backend {
  const url = location.origin;
  const links = createLinkClient(url);
  return {
    host: location.host,
    place: () => serverInfo(url),
    signIn: async (credentials) => signIn(url, { ...credentials, label: deviceLabel(), devices: await devices() }),
    register: ({ name, password, displayName }) =>
      register(url, { name, password, label: deviceLabel(), ...(displayName === '' ? {} : { displayName }) }),
    links: {
      ...links,
      setUp: (request) => links.setUp({ ...request, label: deviceLabel() }),
      join: (request) => links.join({ ...request, label: deviceLabel() }),
      finishOpenId: (request) => links.finishOpenId({ ...request, label: deviceLabel() }),
      joinAsGuest: (request) => links.joinAsGuest({ ...request, label: deviceLabel() }),
    },
    account: (token) => createAccountClient(url, token),
    openFiles: ({ token }) => openFiles({ url, token }),
    eraseOtherAccounts: (user) => eraseOtherAccounts(url, user),
    connect: ({ me, token }, transport) =>
      createChatClient({
        url,
        me,
        token,
        transport,
        // The name of this file differs in each build, so tabs of different builds do not share a worker.
        createWire: (address, options) =>
          createTabWireClient(address, { group: `${me.id} ${import.meta.url}`, worker: newTabWorker }, options),
      }),
  };
}

function newTabWorker(name: string): unknown {
  if (typeof SharedWorker === 'undefined') return undefined;
  return new SharedWorker(new URL('../wire/tab-worker.ts', import.meta.url), { name, type: 'module' });
}

/** Returns no secrets if the module cannot be loaded: the server then treats this browser as unknown. */
function devices(): Promise<readonly string[]> {
  return import('./device-secrets.js').then(
    (secrets) => secrets.deviceSecrets(),
    () => [],
  );
}

/** Returns the label by which the user recognises this session: browser and operating system, as far as known. */
function deviceLabel(): string {
  const agent = navigator.userAgent;
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1] ?? 'Browser';
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux)/.exec(agent)?.[1] ?? '';
  return `${{ Edg: 'Edge', OPR: 'Opera' }[browser] ?? browser}${system === '' ? '' : `, ${system}`}`;
}
