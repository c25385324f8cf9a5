import { useClient } from '@everywire/chat-react';
import { type ClipboardEvent, useLayoutEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { TrayComposer } from './tray.js';
import { trayAt } from './trays.js';

export type Uploads = ReturnType<typeof useUploads>;

/** The files that will go along with the next message here. Whoever leaves the conversation finds them as they come back. */
export function useUploads(conversation: number, root: number | null, composer: TrayComposer) {
  const client = useClient();
  const tray = useMemo(() => trayAt(client, conversation, root), [client, conversation, root]);
  const { items, sending } = useSyncExternalStore(tray.subscribe, tray.getSnapshot);
  const latest = useRef(composer);
  latest.current = composer;
  // As it is taken from the page, and no later: what is said then is for nobody's field.
  useLayoutEffect(
    () =>
      tray.attach({
        onFailure: (code) => latest.current.onFailure(code),
        onSaid: (text) => latest.current.onSaid(text),
      }),
    [tray],
  );
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    tray.add(files);
  };
  return { tray, items, sending, onPaste };
}
