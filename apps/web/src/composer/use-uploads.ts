import { useClient } from '@everywire/chat-react';
import { type ClipboardEvent, useLayoutEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { attachmentsAt } from './conversation-attachments.js';
import { pastedFiles } from './pasted-files.js';
import type { AttachmentsListener } from './pending-attachments.js';

/** The attachments of a composer. */
export type ComposerUploads = ReturnType<typeof useUploads>;

/** Returns the files of the next message in this conversation or thread. They are kept while another conversation is open. */
export function useUploads(conversation: number, root: number | null, composer: AttachmentsListener) {
  const client = useClient();
  const attachments = useMemo(() => attachmentsAt(client, conversation, root), [client, conversation, root]);
  const { items, sending } = useSyncExternalStore(attachments.subscribe, attachments.getSnapshot);
  const latest = useRef(composer);
  latest.current = composer;
  // A layout effect detaches immediately on unmount, so that no later event reaches a field that is gone.
  useLayoutEffect(
    () =>
      attachments.attach({
        onFailure: (code) => latest.current.onFailure(code),
        onSent: (text) => latest.current.onSent(text),
      }),
    [attachments],
  );
  const onPaste = (event: ClipboardEvent) => {
    const files = pastedFiles(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    attachments.add(files);
  };
  return { attachments, items, sending, onPaste };
}
