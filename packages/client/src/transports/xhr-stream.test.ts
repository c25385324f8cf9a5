import { jsonLinesEncoding, messageFromText } from '@everywire/protocol/internal';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attached, createRecorder, createRequest, type Recorder } from '../test-kit/recorder.js';
import { connect } from './xhr-stream.js';

// Tests the transport `xhr-stream`, which reads a long response while it arrives. A recorder lists the reports of the
// carrier as texts.

/** Replaces the browser's XMLHttpRequest; a test controls its response. */
class FakeXhr {
  static instances: FakeXhr[] = [];
  readyState = 0;
  status = 0;
  responseText = '';
  aborted = false;
  opened: readonly string[] = [];
  body = '';
  onreadystatechange: (() => void) | null = null;

  constructor() {
    FakeXhr.instances.push(this);
  }

  open(...what: readonly string[]): void {
    this.opened = what;
  }

  send(body: string): void {
    this.body = body;
  }

  abort(): void {
    this.aborted = true;
  }

  /** Adds text to the response, as the network does. */
  arrive(readyState: number, text = '', status = 200): void {
    Object.assign(this, { readyState, status, responseText: this.responseText + text });
    this.onreadystatechange?.();
  }
}

/** A message as it is encoded in the response. */
const text = (data: string): string => Buffer.from(jsonLinesEncoding.encodeMessage(messageFromText(data))).toString();
/** The start of a response: padding against buffering proxies, and the answer to the attach. */
const head = `${' '.repeat(2048)}${Buffer.from(jsonLinesEncoding.encodeRecord(attached)).toString()}`;

let xhr: FakeXhr;
let recorder: Recorder;
let close: () => void;
beforeEach(() => {
  FakeXhr.instances = [];
  vi.stubGlobal('XMLHttpRequest', FakeXhr);
  recorder = createRecorder();
  ({ close } = connect(createRequest('http://test/everywire'), recorder));
  xhr = FakeXhr.instances[0]!;
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('XHR streaming', () => {
  it('[SN-8.2] [SN-20.2] XHR streaming posts the attach, without secrets in the address', () => {
    expect(xhr.opened).toEqual(['POST', 'http://test/everywire/xhr-stream']);
    expect(JSON.parse(xhr.body)).toMatchObject({ t: 'attach', id: 'secret' });
    expect(recorder.seen).toEqual([]);
  });

  it('[TR-25.3] XHR streaming reads new text from a cursor after the padding and ends whole', () => {
    xhr.arrive(1);
    xhr.arrive(2);
    expect(recorder.seen).toEqual(['opened']);
    xhr.arrive(3, head.slice(0, 2050));
    xhr.arrive(3, head.slice(2050));
    xhr.arrive(3);
    xhr.arrive(3, text('a') + text('b').slice(0, 2));
    expect(recorder.seen).toEqual(['opened', 'record attached', 'text a']);
    xhr.arrive(3, text('b').slice(2));
    xhr.arrive(4, text('c'));
    expect(recorder.seen).toEqual(['opened', 'record attached', 'text a', 'text b', 'text c', 'ended whole']);
  });

  it('[EN-8] XHR streaming reports a network failure as broken, before and after the head', () => {
    xhr.arrive(4, '', 0);
    expect(recorder.seen).toEqual(['ended broken']);
    const other = createRecorder();
    connect(createRequest('http://test'), other);
    FakeXhr.instances[1]!.arrive(3, head + text('a'));
    FakeXhr.instances[1]!.responseText = '';
    FakeXhr.instances[1]!.arrive(4, '', 0);
    expect(other.seen).toEqual(['opened', 'record attached', 'text a', 'ended broken']);
  });

  it.each([403, 404, 502])('XHR streaming ends with `refused` at status %i', (status) => {
    xhr.arrive(2, '', status);
    xhr.arrive(4, '<html>', status);
    expect(recorder.seen).toEqual(['ended broken refused']);
    expect(xhr.aborted).toBe(true);
  });

  it('[SN-13.6] XHR streaming ends with `damaged` at an invalid line and aborts the request', () => {
    xhr.arrive(3, `${head}oh\n`);
    expect(recorder.seen).toEqual(['opened', 'record attached', 'ended broken damaged']);
    expect([xhr.aborted, xhr.onreadystatechange]).toEqual([true, null]);
  });

  it('a closed XHR stream reports nothing', () => {
    xhr.arrive(3, head);
    close();
    expect([xhr.aborted, xhr.onreadystatechange]).toEqual([true, null]);
  });
});
