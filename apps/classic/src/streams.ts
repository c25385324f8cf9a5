import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClassicOptions } from './options.js';

/** The number of messages of one stream. */
const MESSAGES = 10;
/** Spaces at the start of a document, because some browsers run no script before about this many bytes have arrived. */
const DOCUMENT_PADDING = 1_024;

/** The streaming answers of one server. */
export interface Streams {
  /** Answers with text, one line for each message. */
  plain(response: ServerResponse): void;
  /** Answers with an HTML document for a frame. Each message is a script that calls a function of the parent page. */
  htmlfile(response: ServerResponse): void;
  /** Answers with server-sent events. Numbers them from the `Last-Event-ID` of the request, so a reconnecting browser continues. */
  events(request: IncomingMessage, response: ServerResponse): void;
  /** Ends all streams. */
  end(): void;
}

/** Creates the streams of one server. Each sends ten messages at the pace of the options, the first immediately, and ends. */
export function createStreams({ intervalMs, variants }: ClassicOptions): Streams {
  const open = new Set<() => void>();

  function send(response: ServerResponse, first: number, write: (number: number) => string): void {
    let number = first;
    const end = (): void => {
      clearInterval(timer);
      open.delete(end);
      response.end();
    };
    const step = (): void => {
      response.write(write(number));
      number += 1;
      if (number === first + MESSAGES) end();
    };
    const timer = setInterval(step, intervalMs);
    open.add(end);
    response.on('close', end);
    step();
  }

  return {
    plain: (response) => {
      head(response, 'text/plain; charset=utf-8');
      send(response, 1, (number) => `${message(number)}\n`);
    },
    htmlfile: (response) => {
      head(response, 'text/html; charset=utf-8');
      response.write(`<!DOCTYPE html><html><body>${' '.repeat(DOCUMENT_PADDING)}\n`);
      const call = variants.has('htmlfile') ? 'parent.callback.process' : 'parent.process';
      send(response, 1, (number) => `<script>${call}('${message(number)}');</script>\n`);
    },
    events: (request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*');
      head(response, 'text/event-stream; charset=utf-8');
      response.write(`retry: ${intervalMs}\n\n`);
      send(response, lastEventId(request) + 1, (number) => `id: ${number}\ndata: ${message(number)}\n\n`);
    },
    end: () => {
      for (const end of [...open]) end();
    },
  };
}

function lastEventId(request: IncomingMessage): number {
  const id = String(request.headers['last-event-id'] ?? '');
  return /^\d{1,9}$/.test(id) ? Number(id) : 0;
}

function head(response: ServerResponse, type: string): void {
  // The header stops nginx from buffering the messages.
  response.writeHead(200, { 'Content-Type': type, 'X-Accel-Buffering': 'no' });
}

function message(number: number): string {
  return `message ${number}, ${new Date().toISOString()}`;
}
