import { FileIcon, RotateCcw, X } from 'lucide-react';
import { Icon } from '../design/icon.js';
import { sizeWords } from '../i18n/size-words.js';
import { useWords } from '../i18n/words.js';
import type { PendingAttachments, UploadItem } from './pending-attachments.js';
import type { ComposerUploads } from './use-uploads.js';

/** Renders the files of the next message with their upload progress, and buttons to retry and remove each. */
export function AttachmentList({ uploads }: { readonly uploads: Pick<ComposerUploads, 'items' | 'attachments'> }) {
  return (
    <ul className="tray">
      {uploads.items.map((item) => (
        <AttachmentListItem key={item.key} item={item} attachments={uploads.attachments} />
      ))}
    </ul>
  );
}

function AttachmentListItem({
  item,
  attachments,
}: {
  readonly item: UploadItem;
  readonly attachments: PendingAttachments;
}) {
  const words = useWords().messages;
  const { key, name, sizeBytes, picture, percent, failed, waiting } = item;
  const size = sizeWords(sizeBytes);
  return (
    <li data-failed={failed} title={name}>
      {picture === null ? <Icon of={FileIcon} /> : <img src={picture} alt="" />}
      <span className="tray-name">
        <bdi>{name}</bdi>
        {failed || waiting ? (
          <small>{failed ? words.notUploaded : words.waitsForConnection}</small>
        ) : (
          <>
            {percent < 100 && <progress value={percent} max={100} aria-label={words.uploading(name, percent)} />}
            <small className="num">{percent < 100 ? `${percent} % · ${size}` : size}</small>
          </>
        )}
      </span>
      {failed && (
        <button
          type="button"
          aria-label={words.retryFile(name)}
          title={words.retryFile(name)}
          onClick={() => attachments.retry(key)}
        >
          <Icon of={RotateCcw} size={16} />
        </button>
      )}
      <button
        type="button"
        aria-label={words.removeFile(name)}
        title={words.removeFile(name)}
        onClick={() => attachments.remove(key)}
      >
        <Icon of={X} size={16} />
      </button>
    </li>
  );
}
