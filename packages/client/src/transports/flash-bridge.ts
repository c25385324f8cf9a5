/** What the movie tells of one connection: `open`, `data` with Base64, and once `end` or `error`. */
type OnEvent = (event: string, base64: string) => void;

type Callback = 'everywireConnect' | 'everywireWrite' | 'everywireClose';

const elementId = 'everywire-flash';
const connections: Map<number, OnEvent> = new Map();
let lastId = 0;
let ready: Promise<void> | undefined;

/** One connection of the page's one movie, `flash/bridge.swf`. */
export interface FlashConnection {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** Nothing is told from inside this call. */
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

/** Resolves when the movie runs; never where there is no player, which is a timeout for whoever waits. */
function embed(movie: string): Promise<void> {
  const element = document.createElement('object');
  element.id = elementId;
  element.type = 'application/x-shockwave-flash';
  element.data = movie;
  element.width = element.height = '1';
  const access = document.createElement('param');
  access.name = 'allowScriptAccess';
  access.value = 'always';
  element.append(access);
  return new Promise((resolve) => {
    // The movie calls a function by its name. Not from inside a call of ours: a player may do that at once.
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
  // Looked for each time: a player written in script puts an element of its own in the place of ours.
  const element = document.getElementById(elementId) as Partial<Record<Callback, (...all: unknown[]) => void>> | null;
  element?.[name]?.(...args);
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
