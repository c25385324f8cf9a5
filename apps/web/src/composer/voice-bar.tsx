import { ArrowUp, Mic, X } from 'lucide-react';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import type { Voice, VoiceView } from './use-voice.js';
import { formatDuration } from './voice-recording.js';
import './voice.css';

interface VoiceBarProps {
  readonly voice: Voice;
  readonly view: VoiceView;
}

/** Renders the recording in place of the field: length, levels, and buttons to discard and to send. */
export function VoiceBar({ voice, view }: VoiceBarProps) {
  const words = useWords();
  const { seconds, levels, full } = view;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has its own style and needs a legend
    <div
      className="write voice-bar"
      role="group"
      aria-label={words.messages.recording}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        voice.cancel();
      }}
    >
      <button
        type="button"
        className="attach"
        aria-label={words.messages.cancelVoice}
        title={words.messages.cancelVoice}
        onClick={voice.cancel}
      >
        <Icon of={X} />
      </button>
      <span className="voice-levels" aria-hidden="true">
        {levels.map((level, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the position in the row
          <i key={at} style={{ blockSize: `${Math.round(12 + level * 88)}%` }} />
        ))}
      </span>
      <span className="num voice-time">{formatDuration(seconds)}</span>
      <span role="status" className={full ? 'voice-full' : 'hide'}>
        {full ? words.messages.voiceFull : words.messages.recording}
      </span>
      <button
        type="button"
        className="send"
        aria-label={words.messages.sendVoice}
        title={words.messages.sendVoice}
        onClick={voice.finish}
        // Enter sends, as in the field that this replaces.
        // biome-ignore lint/a11y/noAutofocus: the user started the recording
        autoFocus
      >
        <Icon of={ArrowUp} />
      </button>
    </div>
  );
}

/** Renders the button that starts a voice message. Shown while the field is empty. */
export function VoiceButton({ onStart }: { readonly onStart: () => void }) {
  const words = useWords().messages;
  return (
    <button type="button" className="attach" aria-label={words.recordVoice} title={words.recordVoice} onClick={onStart}>
      <Icon of={Mic} />
    </button>
  );
}
