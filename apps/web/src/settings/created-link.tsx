import { CopyButton } from '../app/copy-button.js';
import { LocalAddressHint } from '../app/local-address-hint.js';
import { useWords } from '../i18n/words.js';

/** Renders a new link with a copy button. The link is shown only once. */
export function CreatedLink({ link }: { readonly link: string }) {
  const words = useWords();
  return (
    <>
      <p className="row">
        <code className="made-link">{link}</code>
        <CopyButton className="button" text={() => link}>
          {words.copyLink}
        </CopyButton>
      </p>
      <LocalAddressHint link={link} />
    </>
  );
}
