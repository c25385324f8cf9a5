import { Component, type ReactNode } from 'react';
import { useWords } from '../i18n/words.js';
import './frame.css';

interface MishapProps {
  readonly children: ReactNode;
}

/** A fault of the page itself leaves words and a way on, not an empty window. What was written is kept as a draft or in the outbox. */
export class Mishap extends Component<MishapProps, { readonly failed: boolean }> {
  override state: { readonly failed: boolean } = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <MishapWords /> : this.props.children;
  }
}

function MishapWords() {
  const words = useWords();
  return (
    <main className="mishap" role="alert">
      <h1>{words.mishap}</h1>
      <p>{words.mishapWords}</p>
      <button type="button" className="button main" onClick={() => location.reload()}>
        {words.reload}
      </button>
    </main>
  );
}
