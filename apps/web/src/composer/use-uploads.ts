import { useClient } from '@everywire/chat-react';
import { type ClipboardEvent, useLayoutEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { attachmentsAt } from './conversation-attachments.js';
import type { AttachmentsListener } from './pending-attachments.js';

export type Uploads = ReturnType<typeof useUploads>;

/** The files that will go along with the next message here. Whoever leaves the conversation finds them as they come back. */
export function useUploads(conversation: number, root: number | null, composer: AttachmentsListener) {
  const client = useClient();
  const attachments = useMemo(() => attachmentsAt(client, conversation, root), [client, conversation, root]);
  const { items, sending } = useSyncExternalStore(attachments.subscribe, attachments.getSnapshot);
  const latest = useRef(composer);
  latest.current = composer;
  // As it is taken from the page, and no later: what is said then is for nobody's field.
  useLayoutEffect(
    () =>
      attachments.attach({
        onFailure: (code) => latest.current.onFailure(code),
        onSaid: (text) => latest.current.onSaid(text),
      }),
    [attachments],
  );
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    attachments.add(files);
  };
  return { attachments, items, sending, onPaste };
}
