import type { ConversationEntry, MessageRowView, Timeline } from '@everywire/chat-client';
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { codeOf } from '../app/backend.js';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { askBeforeUnload } from '../app/unload-prompt.js';
import { usePreferences } from '../design/preferences.js';
import { EmojiButton } from '../emoji/emoji-button.js';
import { EmojiList } from '../emoji/emoji-list.js';
import { useEmojiCompletion } from '../emoji/use-emoji-completion.js';
import { scriptOf } from '../i18n/script-of.js';
import { useWords } from '../i18n/words.js';
import type { ScrollKey } from '../pane/scroll-geometry.js';
import { AttachButton } from './attach-button.js';
import { charactersOver } from './characters-over.js';
import type { ComposerHandle } from './composer-handle.js';
import { type ComposerMode, isGone } from './composer-mode.js';
import { DropZone } from './drop-zone.js';
import { editLast, isEditLastKey } from './edit-last.js';
import { sendsMessage } from './enter-key.js';
import { hasTouchKeyboard, rememberComposer } from './focus-composer.js';
import { forwardScrollKey } from './forward-scroll-key.js';
import { MentionList } from './mention-list.js';
import { ModeBar } from './mode-bar.js';
import { putText } from './put-text.js';
import { SendButton } from './send-button.js';
import { useAutoGrow } from './use-auto-grow.js';
import { useMentions } from './use-mentions.js';
import { useRemoteDraft } from './use-remote-draft.js';
import { useText, withoutSentText } from './use-text.js';
import { useUploads } from './use-uploads.js';
import { useVoice } from './use-voice.js';
import { VoiceBar, VoiceButton } from './voice-bar.js';
import './composer.css';

const attachmentList = lazyComponent(() => import('./attachment-list.js').then((module) => module.AttachmentList));

interface ComposerProps {
  readonly ref: Ref<ComposerHandle>;
  /** Hidden while the selection bar has its place. The content is kept. */
  readonly hidden: boolean;
  /** The conversation to send to; its members can be mentioned. */
  readonly entry: ConversationEntry;
  /** The root of the thread to reply in; `null` for the conversation itself. */
  readonly root: number | null;
  /** The accessible name of the field. */
  readonly label: string;
  readonly placeholder: string;
  readonly timeline: Timeline;
  /** The stored draft. Another device may have written it. */
  readonly draft: string;
  /** Returns the current draft. Also works after unmount. */
  readonly readDraft: () => string;
  readonly onDraft: (text: string) => void;
  readonly mode: ComposerMode;
  readonly onModeEnd: () => void;
  readonly onEdit: (row: MessageRowView) => void;
  /** A message was submitted. Its files may still be uploading. */
  readonly onSend: () => void;
  /** A scroll key was pressed in an empty field, where it has no effect. */
  readonly onScrollKey: (key: ScrollKey) => void;
  /** Reports an error code, or `null` to clear the previous error when a new action begins. */
  readonly onFailure: (code: string | null) => void;
}

/** Renders the message composer. Enter sends (or Ctrl+Enter, by preference), Shift+Enter adds a line, and the text is kept as a draft. */
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
  onSend,
  onScrollKey,
  onFailure,
}: ComposerProps) {
  const words = useWords();
  const [{ sendWith, showTyping }] = usePreferences();
  const { text, now, setText } = useText(draft);
  const latest = useRef({ mode, draft });
  latest.current = { mode, draft };
  const field = useRef<HTMLTextAreaElement>(null);
  /** The mode when the message was submitted. */
  const begun = useRef(mode);
  const uploads = useUploads(entry.id, root, {
    onFailure,
    onSent: (words) => {
      // Uploads may finish late: by then the user may have typed on, or begun an edit.
      const since = latest.current;
      if (since.mode.kind === 'edit') onDraft(withoutSentText(since.draft, words));
      else write(withoutSentText(now.current, words));
      if (since.mode === begun.current) onModeEnd();
    },
  });
  const { attachments } = uploads;
  const editing = mode.kind === 'edit' ? mode.row : null;
  const voice = useVoice((file) => {
    attachments.add([file]);
    say('');
  }, onFailure);
  useAutoGrow(field, text);
  useFocusAfter(voice.view !== null, field);
  const attention = useRemoteDraft({ draft, editing: editing !== null, setText });

  const write = (next: string) => {
    setText(next);
    // The text of an edit must not become the draft.
    if (editing !== null) return;
    onDraft(next);
    if (showTyping) timeline.setTyping(next.trim() !== '');
  };
  const mentions = useMentions(entry, field, write);
  /** Inserts text in place of the selection, or of everything from `start` to the end of the selection. */
  const insert = (inserted: string, start?: number) => {
    const element = field.current;
    if (element === null) return;
    const { value, selectionStart, selectionEnd } = element;
    const before = value.slice(0, start ?? selectionStart) + inserted;
    putText(element, before + value.slice(selectionEnd), before.length);
    write(element.value);
  };
  const emojis = useEmojiCompletion(field, insert);
  /** Texts of edits that the server refused, by message key, so that the user does not have to type them again. */
  const refused = useRef(new Map<string, string>());
  const endMode = () => {
    if (editing !== null) {
      // The changed text of a message that is gone exists only here.
      const isLost = said !== editing.text && isGone(mode, timeline.getSnapshot());
      setText(isLost ? [draft, text].filter(Boolean).join('\n') : draft);
      if (isLost) onDraft(now.current);
      refused.current.delete(editing.key);
    }
    onModeEnd();
    field.current?.focus();
  };
  /** The mentions of a message that was restored during the edit of another one. */
  const restoredMentions = useRef<MessageRowView['mentions']>(null);
  useEditedText(editing, (row) => {
    mentions.begin(row?.mentions ?? restoredMentions.current);
    restoredMentions.current = null;
    if (row !== null) setText(refused.current.get(row.key) ?? row.text);
  });
  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    put: (back) => {
      const before = editing === null ? now.current : draft;
      const next = [back.text, before].filter((part) => part.trim() !== '').join('\n');
      // The edited text is on the server already, the restored one exists only here.
      if (editing !== null) {
        restoredMentions.current = back.mentions ?? null;
        onModeEnd();
        onDraft(next);
        setText(next);
      } else write(next);
      attachments.addUploaded(back.files ?? []);
      if (back.local !== undefined && back.local.length > 0) attachments.add(back.local);
      if (back.mentions) mentions.begin(back.mentions);
      field.current?.focus();
    },
  }));

  const over = charactersOver(text);
  const said = text.trim();
  useUnloadPrompt(voice.view !== null || (editing !== null && said !== editing.text));
  const ready = over === 0 && !uploads.sending && (said !== '' || (editing === null && uploads.items.length > 0));
  const say = (words: string) => {
    const quote = mode.kind === 'reply' ? { quote: mode.row.key } : {};
    const { text: called, ...options } = mentions.resolveMentions(words);
    begun.current = mode;
    const send = timeline.prepare(called, { ...quote, ...options });
    attachments.send({ text: words, send, readDraft, keepDraft: onDraft });
    onSend();
  };
  const change = (row: MessageRowView) => {
    const called = mentions.resolveMentions(said);
    endMode();
    if (called.text === row.text) return;
    timeline.edit(row.key, { textVersion: row.textVersion, ...called }).catch((failure: unknown) => {
      refused.current.set(row.key, said);
      onFailure(isGone({ kind: 'edit', row }, timeline.getSnapshot()) ? 'message_gone' : codeOf(failure));
      // The refused text would displace other text. It is restored when this message is edited again.
      if (latest.current.mode.kind === 'write' && now.current.trim() === '') onEdit(row);
    });
  };
  const send = () => {
    if (!ready) return;
    const gone = isGone(mode, timeline.getSnapshot());
    onFailure(gone ? 'message_gone' : null);
    if (gone) return;
    if (editing !== null) change(editing);
    else if (uploads.items.length > 0 || now.current.trim() !== '') say(said);
    field.current?.focus();
  };
  const look = () => {
    mentions.look();
    emojis.look();
  };
  const list = [mentions, emojis].find(({ candidates }) => candidates.length > 0);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (mentions.onKeyDown(event) || emojis.onKeyDown(event)) return;
    if (event.key === 'Escape' && mode.kind !== 'write') {
      event.preventDefault();
      endMode();
    }
    if (text === '' && isEditLastKey(event) && mode.kind === 'write') {
      event.preventDefault();
      editLast(timeline, onEdit);
    }
    if (text === '' && forwardScrollKey(event, onScrollKey)) return;
    if (!sendsMessage(event, sendWith, hasTouchKeyboard())) return;
    event.preventDefault();
    send();
  };
  return (
    <div className="writing" hidden={hidden}>
      <DropZone
        field={field}
        takes={!hidden && editing === null}
        onFiles={attachments.add}
        onFolder={() => onFailure('folder_dropped')}
      />
      <ModeBar mode={mode} timeline={timeline} onEnd={endMode} />
      {editing === null && uploads.items.length > 0 && <LazyPart of={attachmentList} props={{ uploads }} />}
      <MentionList picker={mentions} />
      <EmojiList completion={emojis} />
      {voice.view !== null && <VoiceBar voice={voice} view={voice.view} />}
      <div className="write" hidden={voice.view !== null}>
        {editing === null && <AttachButton onFiles={attachments.add} />}
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
          aria-controls={list?.id}
          aria-activedescendant={list && `${list.id}-${list.active}`}
          onChange={(event) => {
            write(event.target.value);
            look();
          }}
          onSelect={look}
          onKeyDown={onKeyDown}
          onPaste={uploads.onPaste}
          onFocus={(event) => {
            rememberComposer(event.currentTarget);
            attention.onFocus();
          }}
          onBlur={() => {
            attention.onBlur();
            timeline.setTyping(false);
            mentions.close();
            emojis.close();
          }}
        />
        <EmojiButton onPick={insert} returnFocus={() => field.current?.focus()} />
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

/** Loads the message's text into the field when an edit begins. */
function useEditedText(row: MessageRowView | null, begin: (row: MessageRowView | null) => void): void {
  const key = row?.key ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the row during the edit must not overwrite the typed text
  useEffect(() => begin(row), [key]);
}

/** Focuses the field after a recording was sent or discarded, so that the user can continue typing. */
function useFocusAfter(recording: boolean, field: { readonly current: HTMLTextAreaElement | null }): void {
  useEffect(() => {
    if (!recording) return;
    return () => {
      if (!hasTouchKeyboard()) field.current?.focus();
    };
  }, [recording, field]);
}

/** Prompts before unload, because a recording and the text of an edit exist only on this page. */
function useUnloadPrompt(loses: boolean): void {
  useEffect(() => (loses ? askBeforeUnload() : undefined), [loses]);
}
