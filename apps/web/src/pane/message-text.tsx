import type { MarkdownBlock, MarkdownInline, MarkdownTree } from '@everywire/markdown';
import { Copy } from 'lucide-react';
import { createContext, useContext } from 'react';
import { CopyButton } from '../app/copy-button.js';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import { splitMentions } from './split-mentions.js';

/* Builds React elements from the Markdown tree; no HTML string is ever parsed. The parts of a text never change places, so a part's
   index is its key. */

/** Renders the text of a message. */
export function MessageText({ tree }: { readonly tree: MarkdownTree }) {
  const only = tree[0];
  // Most messages are one paragraph, which needs no element around it.
  if (tree.length === 1 && only?.kind === 'paragraph') return <Inlines parts={only.children} />;
  // biome-ignore lint/suspicious/noArrayIndexKey: position is identity here
  return tree.map((block, index) => <Block key={index} block={block} />);
}

function Block({ block }: { readonly block: MarkdownBlock }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p>
          <Inlines parts={block.children} />
        </p>
      );
    case 'quote':
      return (
        <blockquote>
          <MessageText tree={block.children} />
        </blockquote>
      );
    case 'list':
      return <List block={block} />;
    case 'code':
      return <Code text={block.text} />;
  }
}

function List({ block }: { readonly block: Extract<MarkdownBlock, { kind: 'list' }> }) {
  const items = block.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: position is identity here
    <li key={index}>
      <MessageText tree={item} />
    </li>
  ));
  return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
}

/** Renders a code block with a copy button. Long lines scroll inside. */
function Code({ text }: { readonly text: string }) {
  const words = useWords();
  return (
    <div className="code-block" dir="ltr">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys must scroll it, which browsers do only for what has the focus */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      <CopyButton className="copy-code" text={() => text} label={words.copy}>
        <Icon of={Copy} size={16} />
      </CopyButton>
    </div>
  );
}

function Inlines({ parts }: { readonly parts: readonly MarkdownInline[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: position is identity here
  return parts.map((part, index) => <Part key={index} part={part} />);
}

function Part({ part }: { readonly part: MarkdownInline }) {
  return part.kind === 'text' ? <Said text={part.text} /> : <Inline part={part} />;
}

/** The names that the message mentions. */
export const MentionedNames = createContext<readonly string[]>([]);

function Said({ text }: { readonly text: string }) {
  const names = useContext(MentionedNames);
  if (names.length === 0) return text;
  return splitMentions(text, names).map(({ at, text: stretch, called }) =>
    called ? (
      <bdi key={at} className="called">
        {stretch}
      </bdi>
    ) : (
      stretch
    ),
  );
}

const elements = { strong: 'strong', emphasis: 'em', strike: 's' } as const;

function Inline({ part }: { readonly part: Exclude<MarkdownInline, { kind: 'text' }> }) {
  switch (part.kind) {
    case 'code':
      return <code>{part.text}</code>;
    case 'link':
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow" dir={isBare(part) ? 'ltr' : undefined}>
          <Inlines parts={part.children} />
        </a>
      );
    default: {
      const Element = elements[part.kind];
      return (
        <Element>
          <Inlines parts={part.children} />
        </Element>
      );
    }
  }
}

/** Returns whether a link's text is its address, which is always shown left to right. */
function isBare(link: Extract<MarkdownInline, { kind: 'link' }>): boolean {
  const only = link.children[0];
  return link.children.length === 1 && only?.kind === 'text' && only.text === link.href;
}
