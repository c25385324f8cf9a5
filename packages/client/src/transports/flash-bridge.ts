/**
 * Receives the events of one connection from the Flash movie: `open`, `data` with Base64, and finally `end` or `error`.
 */
type OnEvent = (event: string, base64: string) => void;

type Callback = 'everywireConnect' | 'everywireWrite' | 'everywireClose';

const ELEMENT_ID = 'everywire-flash';
const connections: Map<number, OnEvent> = new Map();
let lastId = 0;
let ready: Promise<void> | undefined;

/** A TCP connection that the page's only Flash movie, `flash/bridge.swf`, opened. */
export interface FlashConnection {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** Opens a connection. Reports no event during this call. */
export function openFlashConnection(
  movie: string,
  { host, port }: { readonly host: string; readonly port: number },
  onEvent: OnEvent,
): FlashConnection {
  const id = ++lastId;
  connections.set(id, onEvent);
  ready ??= embed(movie);
  ready.then(() => {
    if (connections.has(id)) call('everywireConnect', id, host, port);
  });
  return {
    write: (bytes) => call('everywireWrite', id, toBase64(bytes)),
    close() {
      if (connections.delete(id)) call('everywireClose', id);
    },
  };
}

/** Resolves when the movie runs. Never resolves without a Flash player; the caller must time out. */
function embed(movie: string): Promise<void> {
  const element = document.createElement('object');
  element.id = ELEMENT_ID;
  element.type = 'application/x-shockwave-flash';
  element.data = movie;
  element.width = element.height = '1';
  const access = document.createElement('param');
  access.name = 'allowScriptAccess';
  access.value = 'always';
  element.append(access);
  return new Promise((resolve) => {
    // The movie calls this function by its name. The event is deferred, because a player may call it during `call`.
    Reflect.set(window, 'everywireFlash', (id: number, event: string, base64: string) => {
      Promise.resolve().then(() => {
        if (event === 'ready') resolve();
        else connections.get(id)?.(event, base64);
      });
    });
    document.body.append(element);
  });
}

function call(name: Callback, ...args: readonly (string | number)[]): void {
  // Looks up the element each time, because a player that is written in JavaScript replaces it by its own.
  const element = document.getElementById(ELEMENT_ID) as Partial<Record<Callback, (...all: unknown[]) => void>> | null;
  element?.[name]?.(...args);
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
