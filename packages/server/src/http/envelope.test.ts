import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createDocument, type Envelope } from './envelope.js';
import type { Embedding } from './origin-policy.js';

// Tests the HTML document of a stream that arrives in a hidden frame. Its script passes each text to the page around
// the frame (the parent).

const embedding: Embedding = {
  own: 'https://here.example',
  allows: (origin) => origin === 'https://here.example' || origin === 'https://there.example',
  ancestors: "'self'",
};

/** Runs the document's script in a frame named `frame 1`, and calls its function `e`. */
function callIn(parent: object, query: string): void {
  const { head } = createDocument(new URLSearchParams(query), embedding) as Envelope;
  const script = /<script>(.*)<\/script>/.exec(head)?.[1] ?? '';
  runInNewContext(`${script};e('a text')`, { parent, name: 'frame 1' });
}

describe('the document of a script-borne stream', () => {
  it('[TR-30.2] the document calls the function of a same-origin parent that has the name of the frame', () => {
    const calls: unknown[] = [];
    const parent = {
      everywire$: { 'frame 1': (text: string) => calls.push(text), other: () => calls.push('other') },
      postMessage: () => calls.push('a message'),
    };
    callIn(parent, '');
    expect(calls).toEqual(['a text']);
  });

  it('[TR-30.3] the document sends a message to the origin in the address if the parent has another origin', () => {
    const messages: unknown[] = [];
    const parent = {
      get everywire$(): never {
        throw new Error('of another origin');
      },
      postMessage: (text: string, origin: string) => messages.push([text, origin]),
    };
    callIn(parent, 'origin=https://there.example');
    expect(messages).toEqual([['a text', 'https://there.example']]);
  });
});
