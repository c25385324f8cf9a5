import { Component, type ReactNode } from 'react';
import { useWords } from '../i18n/words.js';
import './frame.css';

interface PageFailureProps {
  readonly children: ReactNode;
}

/**
 * Renders a message and a reload button instead of a blank page when rendering fails. Text and messages are kept as drafts or in the
 * outbox.
 */
export class PageFailure extends Component<PageFailureProps, { readonly failed: boolean }> {
  override state: { readonly failed: boolean } = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <PageFailureMessage /> : this.props.children;
  }
}

function PageFailureMessage() {
  const words = useWords();
  return (
    <main className="page-failure" role="alert">
      <h1>{words.pageFailed}</h1>
      <p>{words.pageFailedDetail}</p>
      <button type="button" className="button main" onClick={() => location.reload()}>
        {words.reload}
      </button>
    </main>
  );
}
