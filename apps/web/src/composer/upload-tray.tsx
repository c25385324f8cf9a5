import { FileIcon, RotateCcw, X } from 'lucide-react';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import type { Tray, UploadItem } from './tray.js';
import type { Uploads } from './use-uploads.js';

/** What will go along with the next message, how far it is, and a way to leave it out. */
export function UploadTray({ uploads }: { readonly uploads: Pick<Uploads, 'items' | 'tray'> }) {
  return (
    <ul className="tray">
      {uploads.items.map((item) => (
        <TrayItem key={item.key} item={item} tray={uploads.tray} />
      ))}
    </ul>
  );
}

function TrayItem({ item, tray }: { readonly item: UploadItem; readonly tray: Tray }) {
  const words = useWords().messages;
  const { key, name, picture, percent, failed, waiting } = item;
  return (
    <li data-failed={failed} title={name}>
      {picture === null ? <Icon of={FileIcon} /> : <img src={picture} alt="" />}
      <span className="tray-name">
        <bdi>{name}</bdi>
        {failed || waiting ? (
          <small>{failed ? words.notUploaded : words.waitsForConnection}</small>
        ) : (
          <progress value={percent} max={100} aria-label={words.uploading(name, percent)} />
        )}
      </span>
      {failed && (
        <button
          type="button"
          aria-label={words.retryFile(name)}
          title={words.retryFile(name)}
          onClick={() => tray.retry(key)}
        >
          <Icon of={RotateCcw} size={16} />
        </button>
      )}
      <button
        type="button"
        aria-label={words.removeFile(name)}
        title={words.removeFile(name)}
        onClick={() => tray.remove(key)}
      >
        <Icon of={X} size={16} />
      </button>
    </li>
  );
}
