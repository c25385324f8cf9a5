import type { MessageRowView, Readers, Timeline } from '@everywire/chat-client';
import { useEffect, useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { Avatar } from '../design/avatar.js';
import { Dialog } from '../design/dialog.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import { When } from './when.js';

interface ReadersDialogProps {
  readonly row: MessageRowView;
  readonly timeline: Timeline;
  readonly onClose: () => void;
}

type Reader = Extract<Readers, { readonly kind: 'people' }>['people'][number];

/** Renders who has received and read a message, or only the number in a large conversation. A snapshot from when it was opened. */
export function ReadersDialog({ row, timeline, onClose }: ReadersDialogProps) {
  const words = useWords().messages;
  const [readers, setReaders] = useState<Readers | null>(null);
  const { problem, attempt } = useAttempt();
  const load = () => void attempt(async () => setReaders(await timeline.readers(row.key)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: loaded once for each message
  useEffect(load, [timeline, row.key]);
  return (
    <Dialog title={words.readers} className="dialog-small dialog-marks" onClose={onClose}>
      <div className="marks-list" aria-busy={readers === null && problem === null}>
        {readers?.kind === 'count' && <p role="status">{words.readByCount(readers.read)}</p>}
        {readers?.kind === 'people' && <ReaderGroups people={readers.people} />}
      </div>
      <Problem code={problem} onRetry={load} />
    </Dialog>
  );
}

function ReaderGroups({ people }: { readonly people: readonly Reader[] }) {
  const words = useWords().messages;
  const read = people.filter(({ readAt }) => readAt !== null);
  const delivered = people.filter(({ readAt, deliveredAt }) => readAt === null && deliveredAt !== null);
  const neither = people.filter(({ readAt, deliveredAt }) => readAt === null && deliveredAt === null);
  return (
    <>
      <ReaderGroup title={words.readList(read.length)} people={read} at={(reader) => reader.readAt} />
      <ReaderGroup
        title={words.deliveredList(delivered.length)}
        people={delivered}
        at={(reader) => reader.deliveredAt}
      />
      <ReaderGroup title={words.notYetList(neither.length)} people={neither} at={() => null} />
    </>
  );
}

interface ReaderGroupProps {
  readonly title: string;
  readonly people: readonly Reader[];
  readonly at: (reader: Reader) => number | null;
}

function ReaderGroup({ title, people, at }: ReaderGroupProps) {
  if (people.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {people.map((reader) => {
          const time = at(reader);
          return (
            <li key={reader.person.id} className="reader">
              <Avatar
                id={reader.person.id}
                name={reader.person.displayName}
                kind="person"
                picture={reader.person.avatar}
                size="message"
              />
              <bdi>{reader.person.displayName}</bdi>
              {time !== null && time > 0 && (
                <small>
                  <When at={time} />
                </small>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
