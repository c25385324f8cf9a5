import { useState } from 'react';
import { useAccount } from '../app/account-context.js';
import { ActionForm } from '../design/action-form.js';
import { TextField } from '../design/text-field.js';
import { useConfirmEmailWords } from './confirm-email-words.js';

/** Renders two forms: one requests the code, the other takes it, so that it can be entered after a reload or on another device. */
export function ConfirmEmail({ onChanged }: { readonly onChanged: () => void }) {
  const words = useConfirmEmailWords();
  const account = useAccount();
  const [code, setCode] = useState('');
  return (
    <>
      <ActionForm
        title={words.title}
        text={words.text}
        button={words.send}
        done={words.sent}
        act={() => account.sendEmailCode()}
      />
      <ActionForm
        title={words.enter}
        button={words.confirm}
        ready={code.trim() !== ''}
        act={async () => {
          await account.confirmEmail(code);
          onChanged();
        }}
      >
        <TextField label={words.code} value={code} onChange={setCode} autoComplete="one-time-code" plain />
      </ActionForm>
    </>
  );
}
