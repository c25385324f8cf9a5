import type { MessageRowView, MessageVersion, Timeline } from '@everywire/chat-client';
import { useCallback, useEffect, useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { Dialog } from '../design/dialog.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import { When } from './when.js';

interface VersionsDialogProps {
  readonly row: MessageRowView;
  readonly timeline: Timeline;
  readonly onClose: () => void;
}

/** Renders the current and the previous versions of a message, the newest first. */
export function VersionsDialog({ row, timeline, onClose }: VersionsDialogProps) {
  const words = useWords().messages;
  const [versions, setVersions] = useState<readonly MessageVersion[] | null>(null);
  const [more, setMore] = useState(false);
  const { problem, attempt } = useAttempt();
  const load = useCallback(
    async (before: number | null) => {
      const page = await timeline.versions(row.key, before);
      setVersions((known) => [...(before === null ? [] : (known ?? [])), ...page.versions]);
      setMore(page.more);
    },
    [timeline, row.key],
  );
  const loadOlder = () => void attempt(() => load(versions?.at(-1)?.modification ?? null));
  // biome-ignore lint/correctness/useExhaustiveDependencies: loaded once for each message
  useEffect(loadOlder, [load]);
  return (
    <Dialog title={words.versions} className="dialog-small dialog-marks" onClose={onClose}>
      <ul className="marks-list" aria-busy={versions === null}>
        <li>
          <small>
            {words.versionNow}
            {row.editedAt !== null && <When at={row.editedAt} />}
          </small>
          <p dir="auto">{row.text}</p>
        </li>
        {versions?.map((version) => (
          <li key={version.modification}>
            <small>
              <When at={version.writtenAt} />
            </small>
            <p dir="auto">{version.text}</p>
          </li>
        ))}
      </ul>
      {more && (
        <button type="button" className="text-button" onClick={loadOlder}>
          {words.olderVersions}
        </button>
      )}
      <Problem code={problem} onRetry={loadOlder} />
    </Dialog>
  );
}
