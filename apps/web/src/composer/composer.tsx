import type { Timeline } from '@everywire/chat-client';
import { ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { scriptOf } from '../i18n/script-of.js';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import { usePreferences } from '../look/preferences.js';
import { sendsMessage } from './enter-key.js';
import { focusComposer, hasTouchKeyboard } from './focus-composer.js';
import './composer.css';

export interface ComposerHandle {
  /** Puts text back that was not sent, before what is there. */
  put(text: string): void;
}

interface ComposerProps {
  readonly ref: Ref<ComposerHandle>;
  readonly title: string;
  readonly timeline: Timeline;
  /** The draft as kept; another device may have written it. */
  readonly draft: string;
}

/** The chat's own limit for a body, in UTF-8 bytes. */
const bodyBytesMax = 16_384;

/** Where one writes. Enter sends (or Ctrl+Enter, as set), Shift+Enter makes a line, and what is written survives as a draft. */
export function Composer({ ref, title, timeline, draft }: ComposerProps) {
  const words = useWords();
  const [{ sendWith, showTyping }] = usePreferences();
  const [text, setText] = useState(draft);
  const field = useRef<HTMLTextAreaElement>(null);
  const composition = useComposition();
  useGrowing(field, text);
  useForeignDraft(field, draft, setText);

  const write = (next: string) => {
    setText(next);
    timeline.setDraft(next);
    if (showTyping) timeline.setTyping(next.trim() !== '');
  };
  useImperativeHandle(ref, () => ({
    put: (back) => {
      write(text.trim() === '' ? back : `${back}\n${text}`);
      focusComposer();
    },
  }));

  const over = charactersOver(text);
  const ready = text.trim() !== '' && over === 0;
  const send = () => {
    if (!ready) return;
    timeline.send(text.trim());
    // Not taken, for example because too many wait already: what was written stays here.
    if (timeline.getSnapshot().error === null) write('');
    focusComposer();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const press = { ...pressOf(event), isComposing: composition.goesOn() || event.nativeEvent.isComposing };
    if (!sendsMessage(press, sendWith, hasTouchKeyboard())) return;
    event.preventDefault();
    send();
  };
  return (
    <div className="write">
      <textarea
        ref={field}
        data-composer
        rows={1}
        value={text}
        dir="auto"
        lang={text === '' ? undefined : scriptOf(text)}
        aria-label={words.message}
        placeholder={words.writeTo(title)}
        enterKeyHint={hasTouchKeyboard() ? 'enter' : 'send'}
        onChange={(event) => write(event.target.value)}
        onKeyDown={onKeyDown}
        {...composition.events}
        onBlur={() => timeline.setTyping(false)}
      />
      {over > 0 && (
        <span className="over num" role="status">
          {words.charactersOver(over)}
        </span>
      )}
      <SendButton ready={ready} onSend={send} />
    </div>
  );
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

/** Whether an input method is at work, beside what each key press says of itself. */
function useComposition() {
  const composing = useRef(false);
  const events = {
    onCompositionStart: () => {
      composing.current = true;
    },
    onCompositionEnd: () => {
      composing.current = false;
    },
  };
  return { goesOn: () => composing.current, events };
}

function pressOf(event: KeyboardEvent): Omit<Parameters<typeof sendsMessage>[0], 'isComposing'> {
  const { key, keyCode, shiftKey, ctrlKey, metaKey, altKey } = event;
  return { key, keyCode, shiftKey, ctrlKey, metaKey, altKey };
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

/** A draft from another device fills the field, but never one that somebody is writing in. */
function useForeignDraft(
  field: { readonly current: HTMLTextAreaElement | null },
  draft: string,
  setText: (text: string) => void,
): void {
  useEffect(() => {
    if (document.activeElement !== field.current) setText(draft);
  }, [field, draft, setText]);
}

/** About how many characters are too many; exact where all take one byte. */
function charactersOver(text: string): number {
  if (text.length * 3 <= bodyBytesMax) return 0;
  const bytes = new TextEncoder().encode(text).length;
  return bytes <= bodyBytesMax ? 0 : Math.max(1, Math.ceil(((bytes - bodyBytesMax) * text.length) / bytes));
}
