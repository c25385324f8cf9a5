import { CopyButton } from '../app/copy-button.js';
import { useWords } from '../i18n/words.js';

interface UnsentDraftProps {
  readonly draft: string;
  readonly onDiscard: () => void;
}

/** Renders the draft of a conversation in which the user cannot write any more, with buttons to copy and to delete it. */
export function UnsentDraft({ draft, onDiscard }: UnsentDraftProps) {
  const words = useWords();
  return (
    <div className="unsent-draft">
      <p dir="auto">
        <b>{words.draftMark}</b> {draft}
      </p>
      <CopyButton className="button" text={() => draft}>
        {words.copy}
      </CopyButton>
      <button type="button" className="button" onClick={onDiscard}>
        {words.discard}
      </button>
    </div>
  );
}
