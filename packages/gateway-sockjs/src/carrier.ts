import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { GatewayHost, StreamBody } from '@everywire/server/internal';
import type { SockJsTransport } from './connection.js';

/** How one kind of HTTP response encodes frames, which are the messages of the SockJS protocol. */
export interface AnswerForm {
  readonly transport: SockJsTransport;
  readonly method: 'GET' | 'POST';
  readonly contentType: string;
  /** Whether one frame ends the response. */
  readonly polls: boolean;
  /** Whether an element of a page requests the response and names its callback in the parameter `c`. */
  readonly callback: boolean;
  /** Returns the text before the first frame. */
  prelude(callback: string): string;
  /** Returns a frame as it is written into the response. */
  wrap(frame: string, callback: string): string;
}

const SCRIPT = 'application/javascript; charset=UTF-8';
/** Padding before the first frame, because some browsers show a script nothing of a response before this many bytes. */
const XHR_PRELUDE = `${'h'.repeat(2_048)}\n`;
/** Some browsers run no script of a document before they have this many bytes of it. */
const DOCUMENT_BYTES_MIN = 1_024;

/** The forms of responses, by the last part of the path that requests them. */
export const answerForms: Readonly<Record<string, AnswerForm>> = {
  xhr: {
    transport: 'xhr-polling',
    method: 'POST',
    contentType: SCRIPT,
    polls: true,
    callback: false,
    prelude: () => '',
    wrap: (frame) => `${frame}\n`,
  },
  xhr_streaming: {
    transport: 'xhr-streaming',
    method: 'POST',
    contentType: SCRIPT,
    polls: false,
    callback: false,
    prelude: () => XHR_PRELUDE,
    wrap: (frame) => `${frame}\n`,
  },
  eventsource: {
    transport: 'eventsource',
    method: 'GET',
    contentType: 'text/event-stream',
    polls: false,
    callback: false,
    prelude: () => '\r\n',
    // sockjs-client decodes the data of an event with `decodeURI`. JSON has escaped all line ends.
    wrap: (frame) => `data: ${frame.replaceAll('%', '%25')}\r\n\r\n`,
  },
  htmlfile: {
    transport: 'htmlfile',
    method: 'GET',
    contentType: 'text/html; charset=UTF-8',
    polls: false,
    callback: true,
    prelude: documentBegin,
    wrap: (frame) => `<script>\np(${scriptText(frame)});\n</script>\r\n`,
  },
  jsonp: {
    transport: 'jsonp-polling',
    method: 'GET',
    contentType: SCRIPT,
    polls: true,
    callback: true,
    prelude: () => '',
    // Without the comment, the client would choose the first bytes of the answer, which some plugins of browsers took
    // for a file of their own format.
    wrap: (frame, callback) => `/**/${callback}(${scriptText(frame)});\r\n`,
  },
};

/** Returns a frame as a string literal that cannot end a script element. */
function scriptText(frame: string): string {
  return JSON.stringify(frame).replaceAll('<', '\\u003c');
}

function documentBegin(callback: string): string {
  const text = `<!doctype html>
<html><head>
  <meta http-equiv="X-UA-Compatible" content="IE=edge" />
  <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
</head><body><h2>Don't panic!</h2>
  <script>
    document.domain = document.domain;
    var c = parent.${callback};
    c.start();
    function p(d) {c.message(d);};
    window.onload = function() {c.stop();};
  </script>
`;
  return `${text.trimEnd()}${' '.repeat(Math.max(0, DOCUMENT_BYTES_MIN - text.length + 14))}\r\n\r\n`;
}

/** A response that carries frames to the client. */
export class AnswerCarrier {
  readonly form: AnswerForm;
  readonly #gateway: GatewayHost;
  readonly #response: ServerResponse;
  readonly #headers: Readonly<OutgoingHttpHeaders>;
  readonly #callback: string;
  readonly #bytesMax: number;
  #written = 0;
  /** The body of a streaming response. */
  #body: StreamBody | null = null;
  /** Whether the response to a poll was sent. */
  #answered = false;

  /** @param bytesMax the size at which the answer ends, because browsers keep all of it in memory */
  constructor(
    gateway: GatewayHost,
    form: AnswerForm,
    response: ServerResponse,
    headers: Readonly<OutgoingHttpHeaders>,
    callback: string,
    bytesMax: number,
  ) {
    this.#gateway = gateway;
    this.form = form;
    this.#response = response;
    this.#headers = headers;
    this.#callback = callback;
    this.#bytesMax = form.polls ? 1 : bytesMax;
  }

  /** Number of bytes that the client has not read yet. */
  get undrained(): number {
    return this.#body === null ? this.#response.writableLength : this.#body.waitingBytes;
  }

  begin(): void {
    if (this.form.polls) return;
    const headers = { ...this.#headers, 'content-type': this.form.contentType };
    // Sends head and prelude in one write.
    const writable = this.#response.socket ?? this.#response;
    writable.cork();
    this.#body = this.#gateway.stream(this.#response, headers);
    this.#body.writeText(this.form.prelude(this.#callback));
    writable.uncork();
  }

  /** Writes a frame. @returns false if the answer is full and must end */
  write(frame: string): boolean {
    const text = this.form.wrap(frame, this.#callback);
    this.#written += text.length;
    if (this.#body === null) this.#answer(text);
    else this.#body.writeText(text);
    return this.#written < this.#bytesMax;
  }

  /** Sends the whole response to a poll in one write. Its length is known, so it needs no chunks. */
  #answer(text: string): void {
    this.#answered = true;
    this.#gateway.answer(this.#response, { ...this.#headers, 'content-type': this.form.contentType }, text);
  }

  end(): void {
    if (this.#body !== null) this.#body.end();
    else if (!this.#answered) this.#answer('');
  }

  destroy(): void {
    this.#body?.onClose();
    this.#response.destroy();
  }
}
