import type { ConversationEntry, MessageRowView, Timeline } from '@everywire/chat-client';
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { codeOf } from '../app/backend.js';
import { Later, later } from '../app/later.js';
import { askBeforeUnload } from '../app/unload-question.js';
import { EmojiButton } from '../emoji/emoji-button.js';
import { EmojiList } from '../emoji/emoji-list.js';
import { useEmojiCompletion } from '../emoji/use-emoji-completion.js';
import { scriptOf } from '../i18n/script-of.js';
import { useWords } from '../i18n/words.js';
import { usePreferences } from '../look/preferences.js';
import type { ScrollKey } from '../pane/scroll-geometry.js';
import { AttachButton } from './attach-button.js';
import { charactersOver } from './characters-over.js';
import type { ComposerHandle } from './composer-handle.js';
import type { ComposerMode } from './composer-mode.js';
import { DropZone } from './drop-zone.js';
import { asksForLast, editLast } from './edit-last.js';
import { sendsMessage } from './enter-key.js';
import { hasTouchKeyboard, noteComposer } from './focus-composer.js';
import { handOnScrollKey } from './hand-on-scroll-key.js';
import { MentionList } from './mention-list.js';
import { ModeBar } from './mode-bar.js';
import { putText } from './put-text.js';
import { SendButton } from './send-button.js';
import { useForeignDraft } from './use-foreign-draft.js';
import { useGrowing } from './use-growing.js';
import { useMentions } from './use-mentions.js';
import { useText, withoutSaid } from './use-text.js';
import { useUploads } from './use-uploads.js';
import { useVoice } from './use-voice.js';
import { VoiceBar, VoiceButton } from './voice-bar.js';
import './composer.css';

const attachmentList = later(() => import('./attachment-list.js').then((module) => module.AttachmentList));

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
  /** A message is said; its files may still have to go up. */
  readonly onSend: () => void;
  /** A key that scrolls, in a field where it would do nothing. */
  readonly onScrollKey: (key: ScrollKey) => void;
  /** `null` as something is begun: what was said before is over. */
  readonly onFailure: (code: string | null) => void;
}

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
  const { attachments } = uploads;
  const editing = mode.kind === 'edit' ? mode.row : null;
  const voice = useVoice((file) => {
    attachments.add([file]);
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
  /** In the place of what is selected, or of what stands from `start` to the end of the selection. */
  const insert = (inserted: string, start?: number) => {
    const element = field.current;
    if (element === null) return;
    const { value, selectionStart, selectionEnd } = element;
    const before = value.slice(0, start ?? selectionStart) + inserted;
    putText(element, before + value.slice(selectionEnd), before.length);
    write(element.value);
  };
  const emojis = useEmojiCompletion(field, insert);
  /** Texts of changes that the server refused, by the key of the message, so that nobody has to write them again. */
  const refused = useRef(new Map<string, string>());
  const endMode = () => {
    if (editing !== null) {
      setText(draft);
      refused.current.delete(editing.key);
    }
    onModeEnd();
    field.current?.focus();
  };
  /** Whom a message calls that came back while another was edited. */
  const calledBack = useRef<MessageRowView['mentions']>(null);
  useEditedText(editing, (row) => {
    mentions.begin(row?.mentions ?? calledBack.current);
    calledBack.current = null;
    if (row !== null) setText(refused.current.get(row.key) ?? row.text);
  });
  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    put: (back) => {
      const before = editing === null ? now.current : draft;
      const next = [back.text, before].filter((part) => part.trim() !== '').join('\n');
      // What is edited is said already; what comes back is nowhere else.
      if (editing !== null) {
        calledBack.current = back.mentions ?? null;
        onModeEnd();
        onDraft(next);
        setText(next);
      } else write(next);
      attachments.put(back.files ?? []);
      if (back.local !== undefined && back.local.length > 0) attachments.add(back.local);
      if (back.mentions) mentions.begin(back.mentions);
      field.current?.focus();
    },
  }));

  const over = charactersOver(text);
  const said = text.trim();
  useUnloadQuestion(voice.view !== null || (editing !== null && said !== editing.text));
  const ready = over === 0 && !uploads.sending && (said !== '' || (editing === null && uploads.items.length > 0));
  const say = (words: string) => {
    const quote = mode.kind === 'reply' ? { quote: mode.row.key } : {};
    const { text: called, ...options } = mentions.calledIn(words);
    begun.current = mode;
    const send = timeline.prepare(called, { ...quote, ...options });
    attachments.finish({ text: words, send, readDraft, keepDraft: onDraft });
    onSend();
  };
  const change = (row: MessageRowView) => {
    const called = mentions.calledIn(said);
    endMode();
    if (called.text === row.text) return;
    timeline.edit(row.key, { edition: row.edition, ...called }).catch((failure: unknown) => {
      refused.current.set(row.key, said);
      onFailure(codeOf(failure));
      // Beside another draft the text would be in the way; it comes back when this message is edited again.
      if (latest.current.mode.kind === 'write' && now.current.trim() === '') onEdit(row);
    });
  };
  const send = () => {
    if (!ready) return;
    onFailure(null);
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
    if (text === '' && asksForLast(event) && mode.kind === 'write') {
      event.preventDefault();
      editLast(timeline, onEdit);
    }
    if (text === '' && handOnScrollKey(event, onScrollKey)) return;
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
      <ModeBar mode={mode} onEnd={endMode} />
      {editing === null && uploads.items.length > 0 && <Later of={attachmentList} props={{ uploads }} />}
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
            noteComposer(event.currentTarget);
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

/** A recording and the text of an edit are on this page alone. */
function useUnloadQuestion(loses: boolean): void {
  useEffect(() => (loses ? askBeforeUnload() : undefined), [loses]);
}
