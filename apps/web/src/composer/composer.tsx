import type { ConversationEntry, MessageRowView, Timeline } from '@everywire/chat-client';
import { ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import { codeOf } from '../app/backend.js';
import { Later, later } from '../app/later.js';
import { scriptOf } from '../i18n/script-of.js';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import { usePreferences } from '../look/preferences.js';
import { AttachButton } from './attach-button.js';
import type { ComposerHandle } from './composer-handle.js';
import type { ComposerMode } from './composer-mode.js';
import { DropZone } from './drop-zone.js';
import { asksForLast, editLast } from './edit-last.js';
import { sendsMessage } from './enter-key.js';
import { hasTouchKeyboard, noteComposer } from './focus-composer.js';
import { MentionList } from './mention-list.js';
import { ModeBar } from './mode-bar.js';
import { useForeignDraft } from './use-foreign-draft.js';
import { useMentions } from './use-mentions.js';
import { useText, withoutSaid } from './use-text.js';
import { useUploads } from './use-uploads.js';
import { useVoice } from './use-voice.js';
import { VoiceBar, VoiceButton } from './voice-bar.js';
import './composer.css';

const uploadTray = later(() => import('./upload-tray.js').then((module) => module.UploadTray));

interface ComposerProps {
  readonly ref: Ref<ComposerHandle>;
  /** Something else has its place for a while; what is in it stays. */
  readonly hidden: boolean;
  /** Where it goes: whose members can be called. */
  readonly entry: ConversationEntry;
  /** The root of the thread it answers in. */
  readonly root: number | null;
  /** What the field is called. */
  readonly label: string;
  readonly placeholder: string;
  readonly timeline: Timeline;
  /** The draft as kept; another device may have written it. */
  readonly draft: string;
  /** As it is now, also when this is gone. */
  readonly readDraft: () => string;
  readonly onDraft: (text: string) => void;
  readonly mode: ComposerMode;
  readonly onModeEnd: () => void;
  readonly onEdit: (row: MessageRowView) => void;
  /** `null` as something is begun: what was said before is over. */
  readonly onFailure: (code: string | null) => void;
}

/** The chat's own limit for a body, in UTF-8 bytes. */
const bodyBytesMax = 16_384;

/** Where one writes. Enter sends (or Ctrl+Enter, as set), Shift+Enter makes a line, and what is written survives as a draft. */
export function Composer({
  ref,
  hidden,
  entry,
  root,
  label,
  placeholder,
  timeline,
  draft,
  readDraft,
  onDraft,
  mode,
  onModeEnd,
  onEdit,
  onFailure,
}: ComposerProps) {
  const words = useWords();
  const [{ sendWith, showTyping }] = usePreferences();
  const { text, now, setText } = useText(draft);
  const latest = useRef({ mode, draft });
  latest.current = { mode, draft };
  const field = useRef<HTMLTextAreaElement>(null);
  /** As Enter was pressed. */
  const begun = useRef(mode);
  const uploads = useUploads(entry.id, root, {
    onFailure,
    onSaid: (words) => {
      // Files may have come up late, and one has gone on writing, or begun to edit.
      const since = latest.current;
      if (since.mode.kind === 'edit') onDraft(withoutSaid(since.draft, words));
      else write(withoutSaid(now.current, words));
      if (since.mode === begun.current) onModeEnd();
    },
  });
  const { tray } = uploads;
  const editing = mode.kind === 'edit' ? mode.row : null;
  const voice = useVoice((file) => {
    tray.add([file]);
    say('');
  }, onFailure);
  useGrowing(field, text);
  useFocusAfter(voice.view !== null, field);
  const attention = useForeignDraft({ draft, editing: editing !== null, setText });

  const write = (next: string) => {
    setText(next);
    // What is being edited is said already: it is nobody's draft.
    if (editing !== null) return;
    onDraft(next);
    if (showTyping) timeline.setTyping(next.trim() !== '');
  };
  const mentions = useMentions(entry, field, write);
  const endMode = () => {
    if (editing !== null) setText(draft);
    onModeEnd();
    field.current?.focus();
  };
  useEditedText(editing, (row) => {
    mentions.begin(row?.mentions ?? null);
    if (row !== null) setText(row.text);
  });
  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    put: (back) => {
      const before = now.current;
      const parts = [back.text, before].filter((part) => part.trim() !== '');
      write(parts.join('\n'));
      tray.put(back.files ?? []);
      if (back.mentions) mentions.begin(back.mentions);
      field.current?.focus();
    },
  }));

  const over = charactersOver(text);
  const said = text.trim();
  const ready = over === 0 && !uploads.sending && (said !== '' || (editing === null && uploads.items.length > 0));
  const say = (words: string) => {
    const quote = mode.kind === 'reply' ? { quote: mode.row.key } : {};
    const called = mentions.calledIn(words);
    begun.current = mode;
    const send = timeline.prepare(words, { ...quote, ...(called && { mentions: called }) });
    tray.finish({ text: words, send, readDraft, keepDraft: onDraft });
  };
  const change = (row: MessageRowView) => {
    const called = mentions.calledIn(said);
    endMode();
    if (said === row.text) return;
    timeline
      .edit(row.key, { text: said, edition: row.edition, ...(called && { mentions: called }) })
      .catch((failure: unknown) => onFailure(codeOf(failure)));
  };
  const send = () => {
    if (!ready) return;
    onFailure(null);
    if (editing !== null) change(editing);
    else if (uploads.items.length > 0 || now.current.trim() !== '') say(said);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (mentions.onKeyDown(event)) return;
    if (event.key === 'Escape' && mode.kind !== 'write') {
      event.preventDefault();
      endMode();
    }
    if (text === '' && asksForLast(event) && mode.kind === 'write') {
      event.preventDefault();
      editLast(timeline, onEdit);
    }
    if (!sendsMessage(event, sendWith, hasTouchKeyboard())) return;
    event.preventDefault();
    send();
  };
  return (
    <div className="writing" hidden={hidden}>
      <DropZone
        field={field}
        takes={!hidden && editing === null}
        onFiles={tray.add}
        onFolder={() => onFailure('folder_dropped')}
      />
      <ModeBar mode={mode} onEnd={endMode} />
      {editing === null && uploads.items.length > 0 && <Later of={uploadTray} props={{ uploads }} />}
      <MentionList picker={mentions} />
      {voice.view !== null && <VoiceBar voice={voice} view={voice.view} />}
      <div className="write" hidden={voice.view !== null}>
        {editing === null && <AttachButton onFiles={tray.add} />}
        <textarea
          ref={field}
          data-composer
          rows={1}
          value={text}
          dir="auto"
          lang={text === '' ? undefined : scriptOf(text)}
          aria-label={label}
          placeholder={placeholder}
          enterKeyHint={hasTouchKeyboard() ? 'enter' : 'send'}
          aria-autocomplete="list"
          aria-controls={mentions.candidates.length > 0 ? mentions.id : undefined}
          aria-activedescendant={mentions.candidates.length > 0 ? `${mentions.id}-${mentions.active}` : undefined}
          onChange={(event) => {
            write(event.target.value);
            mentions.look();
          }}
          onSelect={mentions.look}
          onKeyDown={onKeyDown}
          onPaste={uploads.onPaste}
          onFocus={(event) => {
            noteComposer(event.currentTarget);
            attention.onFocus();
          }}
          onBlur={() => {
            attention.onBlur();
            timeline.setTyping(false);
            mentions.close();
          }}
        />
        {over > 0 && (
          <span className="over num" role="status">
            {words.charactersOver(over)}
          </span>
        )}
        {mode.kind !== 'edit' && text === '' && uploads.items.length === 0 && <VoiceButton onStart={voice.start} />}
        <SendButton ready={ready} onSend={send} />
      </div>
    </div>
  );
}

/** As editing begins, the field holds what was said. */
function useEditedText(row: MessageRowView | null, begin: (row: MessageRowView | null) => void): void {
  const key = row?.key ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what comes in meanwhile does not touch what is being written
  useEffect(() => begin(row), [key]);
}

/** Sent or put away: one goes on writing. */
function useFocusAfter(recording: boolean, field: { readonly current: HTMLTextAreaElement | null }): void {
  useEffect(() => {
    if (!recording) return;
    return () => {
      if (!hasTouchKeyboard()) field.current?.focus();
    };
  }, [recording, field]);
}

function SendButton({ ready, onSend }: { readonly ready: boolean; readonly onSend: () => void }) {
  const words = useWords();
  return (
    <button
      type="button"
      className="send"
      aria-label={words.send}
      title={words.send}
      aria-disabled={!ready}
      // The caret stays in the field, and with it the keyboard of a phone.
      onPointerDown={(event) => event.preventDefault()}
      onClick={onSend}
    >
      <Icon of={ArrowUp} />
    </button>
  );
}

/** Grows with what is written; the style sheet stops it at 40 % of the window. */
function useGrowing(field: { readonly current: HTMLTextAreaElement | null }, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again when the text changes
  useLayoutEffect(() => {
    const element = field.current;
    if (element === null || CSS.supports('field-sizing', 'content')) return;
    element.style.blockSize = 'auto';
    element.style.blockSize = `${element.scrollHeight}px`;
  }, [field, text]);
}

/** About how many characters are too many; exact where all take one byte. */
function charactersOver(text: string): number {
  if (text.length * 3 <= bodyBytesMax) return 0;
  const bytes = new TextEncoder().encode(text).length;
  return bytes <= bodyBytesMax ? 0 : Math.max(1, Math.ceil(((bytes - bodyBytesMax) * text.length) / bytes));
}
