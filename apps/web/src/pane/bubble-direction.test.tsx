// @vitest-environment happy-dom
import type { FileRef } from '@everywire/chat';
import type { Quote } from '@everywire/chat-client';
import { expect, test } from 'vitest';
import { aisha, linWan } from '../../fixtures/cast.js';
import { autoDirection } from '../test-kit/first-strong.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { MessageFiles } from './message-files.js';
import { ForwardedLine, QuoteLine } from './message-marks.js';
import { RowLine } from './row-line.js';
import { WaitingFiles } from './waiting-files.js';

const file: FileRef = { id: 'f1', name: 'tides.pdf', type: 'application/pdf', size: 2_000, kind: 'file' } as FileRef;
const none = () => undefined;

/* The text sets the direction of a bubble; the lines above it have their own direction. */
test.each([
  ['the original sender', <ForwardedLine key="" from="Ann" />],
  ['a forwarded mark', <ForwardedLine key="" from="" />],
  ['an unavailable quote', <QuoteLine key="" quote={{ state: 'unavailable' } as never} onGoTo={none} />],
  ['a file', <MessageFiles key="" files={[file]} alone={false} source={{ name: '', show: none }} onPicture={none} />],
  [
    'a file that waits',
    <WaitingFiles key="" files={[{ ...file, name: 'tides.pdf' }] as never} alone={false} load={async () => null} />,
  ],
])('an Arabic text below %s is right-to-left', (_what, above) => {
  const { container } = renderInPage(
    <div dir="auto">
      {above}
      مرحبا!
    </div>,
  );
  expect(autoDirection(container.firstElementChild as Element)).toBe('rtl');
});

test.each([
  ['one person', { people: [aisha], all: false }, '@Aisha Khan'],
  ['everyone', { people: [], all: true }, '@everyone'],
])('an Arabic line that begins with a mention of %s is right-to-left, also in a quote', (_what, mentions, called) => {
  const said = { text: `${called} مرحبا`, files: [], mentions };
  const quote: Quote = { state: 'shown', sequence: 1, sender: linWan, ...said };
  const { container } = renderInPage(
    <>
      <div dir="auto">
        <RowLine row={said} />
      </div>
      <QuoteLine quote={quote} onGoTo={none} />
    </>,
  );
  const [line, ofQuote] = [...container.querySelectorAll('[dir="auto"]')];
  expect([line, ofQuote].map((element) => autoDirection(element as Element))).toEqual(['rtl', 'rtl']);
  expect(ofQuote?.textContent).toBe(said.text);
});
