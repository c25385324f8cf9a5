import { useClient } from '@everywire/chat-react';
import { type FormEvent, useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { Dialog } from '../design/dialog.js';
import { Problem } from '../design/problem.js';
import { TextField } from '../design/text-field.js';
import { useWords } from '../i18n/words.js';
import { OnOff } from '../settings/option.js';
import '../settings/settings.css';

interface NewChannelDialogProps {
  readonly onClose: () => void;
  readonly onOpen: (conversation: number) => void;
}

/** Renders the dialog that creates a channel from a name and its visibility. People are added later. */
export function NewChannelDialog({ onClose, onOpen }: NewChannelDialogProps) {
  const words = useWords();
  const { groups } = useClient();
  const [name, setName] = useState('');
  const [open, setOpen] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => onOpen(await groups.createChannel(name.trim(), open ? 'anyone' : 'invited')));
  };
  return (
    <Dialog title={words.newChannel} className="dialog-small" onClose={onClose}>
      <p>{words.channelHint}</p>
      <form className="dialog-form" onSubmit={submit}>
        <TextField label={words.channelName} value={name} onChange={setName} autoComplete="off" />
        <OnOff title={words.channelOpen} text={words.channelOpenWords} value={open} onChange={setOpen} />
        <div className="dialog-acts">
          <Problem code={problem} />
          <button type="button" className="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" className="button main" disabled={name.trim() === '' || busy}>
            {words.createChannel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
