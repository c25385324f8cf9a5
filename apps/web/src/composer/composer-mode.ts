import type { MessageRowView, TimelineSnapshot } from '@everywire/chat-client';
import { type RefObject, useCallback, useMemo, useState } from 'react';
import { copyText } from '../app/copy-text.js';
import { goToMessage, goToThread, linkToMessage } from '../app/route.js';
import type { ActionTargets } from '../pane/use-item-actions.js';
import type { ComposerHandle, RestoredMessage } from './composer-handle.js';

/** What the composer writes: a new message, a reply, or an edit. */
export type ComposerMode =
  | { readonly kind: 'write' }
  | { readonly kind: 'reply' | 'edit'; readonly row: MessageRowView };

const write: ComposerMode = { kind: 'write' };

/** Returns whether the message that is edited or replied to was recalled or deleted in the meantime. */
export function isGone(mode: ComposerMode, { rows }: Pick<TimelineSnapshot, 'rows'>): boolean {
  return mode.kind !== 'write' && !rows.some(({ type, key }) => type === 'message' && key === mode.row.key);
}

/** Holds the composer's mode, and returns the callbacks that messages use on the composer. */
export function useComposerMode(
  composer: RefObject<ComposerHandle | null>,
  conversation: number,
  reportFailure: (code: string | null) => void,
  { panel, pick }: Pick<ActionTargets, 'panel' | 'pick'>,
): { readonly mode: ComposerMode; readonly endMode: () => void; readonly targets: ActionTargets } {
  const [mode, setMode] = useState(write);
  const endMode = useCallback(() => setMode(write), []);
  const targets = useMemo(() => {
    const begin = (kind: 'reply' | 'edit') => (row: MessageRowView) => {
      setMode({ kind, row });
      composer.current?.focus();
    };
    const restore = (back: RestoredMessage) => composer.current?.put(back);
    const goTo = (sequence: number) => goToMessage(conversation, sequence);
    const copyLink = (sequence: number) => void copyText(linkToMessage(conversation, sequence));
    const thread = (root: number) => goToThread(conversation, root);
    return { restore, reply: begin('reply'), edit: begin('edit'), goTo, copyLink, thread, panel, pick, reportFailure };
  }, [composer, conversation, reportFailure, panel, pick]);
  return { mode, endMode, targets };
}
