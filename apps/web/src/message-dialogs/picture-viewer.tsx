import type { ConversationEntry, MessageRowView, Timeline, TimelineSnapshot } from '@everywire/chat-client';
import { ChevronLeft, ChevronRight, Download, MessageSquareText, X, ZoomIn, ZoomOut } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { fileAddress } from '../app/file-address.js';
import { goToMessage } from '../app/route.js';
import { useLayer } from '../app/use-layer.js';
import { Icon } from '../design/icon.js';
import { RetryButton } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import { isPicture, type PictureRef } from '../pane/picture.js';
import { usePlaceholder } from '../pane/use-placeholder.js';
import { When } from './when.js';
import './picture-viewer.css';

interface PictureViewerProps {
  readonly entry: ConversationEntry;
  readonly timeline: Timeline;
  readonly snapshot: TimelineSnapshot;
  readonly first: PicturePlace;
  readonly onClose: () => void;
}

/** One picture of the conversation. A forwarded file may occur in several messages. */
export interface PicturePlace {
  /** The key of the message. */
  readonly row: string;
  /** The id of the file. */
  readonly file: string;
}

interface Shown {
  readonly file: PictureRef;
  readonly row: MessageRowView;
}

/**
 * Renders the pictures of a conversation one at a time. The arrow keys step through them and load older history; Escape and Back close the
 * viewer.
 */
export function PictureViewer({ entry, timeline, snapshot, first, onClose }: PictureViewerProps) {
  const words = useWords();
  const pictures = useMemo(() => picturesOf(snapshot), [snapshot]);
  const [place, setPlace] = useState(first);
  const [large, setLarge] = useState(false);
  const [opener] = useState(() => document.activeElement);
  const toMessage = useRef(false);
  useLayer(onClose);
  const at = pictures.findIndex((one) => one.file.id === place.file && one.row.key === place.row);
  const shown = pictures[at];
  const wantsOlder = at <= 0 && !snapshot.atStart;
  useEffect(() => {
    if (wantsOlder && !snapshot.loading) timeline.loadOlder();
  }, [wantsOlder, snapshot.loading, timeline]);
  // The message was recalled or deleted.
  useEffect(() => {
    if (shown === undefined) onClose();
  }, [shown, onClose]);
  if (shown === undefined) return null;
  const go = (step: 1 | -1) => {
    const next = pictures[at + step];
    if (next === undefined) return;
    setPlace({ row: next.row.key, file: next.file.id });
    setLarge(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepOf(event.key);
    if (step === null || event.altKey || event.ctrlKey || event.metaKey || large) return;
    event.preventDefault();
    go(step);
  };
  const { row } = shown;
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Content
          className="viewer"
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (toMessage.current) goToMessage(entry.id, row.sequence ?? 0);
            else if (opener instanceof HTMLElement) opener.focus();
          }}
        >
          <header>
            <Primitive.Title className="viewer-title">
              <bdi>{row.sender.displayName}</bdi>
              <small>
                <When at={row.sentAt} />
              </small>
            </Primitive.Title>
            <p className="num" role="status">
              {words.messages.pictureOf(at + 1, pictures.length)}
              {wantsOlder && words.messages.olderPictures}
              <span className="hide">{shown.file.name}</span>
            </p>
            <ViewerActs
              file={shown.file}
              large={large}
              onLarge={() => setLarge(!large)}
              onMessage={() => {
                toMessage.current = true;
                onClose();
              }}
            />
            <Primitive.Close className="icon" aria-label={words.close} title={words.close}>
              <Icon of={X} />
            </Primitive.Close>
          </header>
          <Stage key={`${place.row} ${place.file}`} file={shown.file} large={large} onLarge={() => setLarge(!large)} />
          <StepButton step={-1} disabled={at <= 0} onStep={go} />
          <StepButton step={1} disabled={at >= pictures.length - 1} onStep={go} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

interface ViewerActsProps {
  readonly file: PictureRef;
  readonly large: boolean;
  readonly onLarge: () => void;
  readonly onMessage: () => void;
}

function ViewerActs({ file, large, onLarge, onMessage }: ViewerActsProps) {
  const words = useWords().messages;
  const size = large ? words.fitPicture : words.fullPicture;
  return (
    <>
      <button type="button" className="icon" aria-label={size} title={size} onClick={onLarge}>
        <Icon of={large ? ZoomOut : ZoomIn} />
      </button>
      <button type="button" className="icon" aria-label={words.toQuoted} title={words.toQuoted} onClick={onMessage}>
        <Icon of={MessageSquareText} />
      </button>
      <a
        className="icon"
        href={fileAddress(file.id)}
        download={file.name}
        aria-label={words.saveFile(file.name)}
        title={words.saveFile(file.name)}
      >
        <Icon of={Download} />
      </a>
    </>
  );
}

interface StageProps {
  readonly file: PictureRef;
  readonly large: boolean;
  readonly onLarge: () => void;
}

/** Renders the picture fitted to the window or in its own size, with its placeholder until it has loaded. */
function Stage({ file, large, onLarge }: StageProps) {
  const words = useWords().messages;
  const [missing, setMissing] = useState(false);
  const { width, height } = file.picture;
  const { backgroundImage, onLoad } = usePlaceholder(file);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a button above does the same
    // biome-ignore lint/a11y/noStaticElementInteractions: a button above does the same
    <div className="viewer-stage" data-large={large} onClick={onLarge}>
      {missing ? (
        <p role="alert">
          {words.pictureMissing} <RetryButton onRetry={() => setMissing(false)} />
        </p>
      ) : (
        <img
          src={fileAddress(file.id)}
          alt={words.picture(file.name)}
          width={width}
          height={height}
          style={{ backgroundImage }}
          onLoad={onLoad}
          onError={() => setMissing(true)}
        />
      )}
    </div>
  );
}

interface StepButtonProps {
  readonly step: 1 | -1;
  readonly disabled: boolean;
  readonly onStep: (step: 1 | -1) => void;
}

function StepButton({ step, disabled, onStep }: StepButtonProps) {
  const words = useWords().messages;
  const label = step === 1 ? words.nextPicture : words.previousPicture;
  return (
    <button
      type="button"
      className={`icon viewer-step ${step === 1 ? 'next' : 'previous'}`}
      aria-label={label}
      title={label}
      // It stays focusable at the first and last picture, so that the arrow keys keep working.
      aria-disabled={disabled}
      onClick={() => onStep(step)}
    >
      <Icon of={step === 1 ? ChevronRight : ChevronLeft} />
    </button>
  );
}

/** Returns the pictures in the order of the timeline, oldest first. */
function picturesOf({ rows }: TimelineSnapshot): readonly Shown[] {
  return rows.flatMap((row) =>
    row.type === 'message' ? row.files.filter(isPicture).map((file) => ({ file, row })) : [],
  );
}

/** Returns the step of an arrow key: towards the end of the line is towards newer pictures, in either direction of writing. */
function stepOf(key: string): 1 | -1 | null {
  const later = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  if (key === later) return 1;
  return key === 'ArrowLeft' || key === 'ArrowRight' ? -1 : null;
}
