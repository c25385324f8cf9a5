import { canPost, type Platform, transportsOf } from '../abilities.js';
import type { Connect, TransportEntry } from '../transport.js';
import type { TransportTable } from '../transport-table.js';
import { connect as connectForm } from '../transports/form-post.js';
import { connect as connectHtmlfile } from '../transports/htmlfile-stream.js';
import { connect as connectIframe } from '../transports/iframe-stream.js';
import { connect as connectJsonp } from '../transports/jsonp-poll.js';
import { connectWebSocket } from '../transports/websocket.js';
import { connect as connectXdrPoll } from '../transports/xdr-poll.js';
import { connect as connectXdrPost } from '../transports/xdr-post.js';
import { connect as connectXdrStream } from '../transports/xdr-stream.js';
import type { TransportName } from '../wire-client.js';
import { connectPoll, connectPost, connectStream } from './xhr.js';

/** The transports of a page, all present from the beginning. */
export interface OldTable extends Pick<TransportTable, 'rows' | 'usual'> {
  /** The connect functions by the names of the transports. `post` sends request bodies. */
  readonly connects: { readonly [name in TransportName | 'post']?: Connect };
}

/** Creates the table of a page. @param abroad whether the server has another origin than the page */
export function createTable(platform: Platform, abroad: boolean): OldTable {
  const connectBody = canPost(platform, abroad) ? connectPost : connectXdrPost;
  // `blind`: the page cannot read the answers to POSTs. Then bodies are posted by a form, which any browser can do to
  // any origin.
  const post: Connect = (request, events) =>
    ((request.head as { readonly blind?: boolean }).blind ? connectForm : connectBody)(request, events);
  const connects: OldTable['connects'] = {
    post,
    websocket: connectWebSocket,
    'xhr-stream': connectStream,
    'xdr-stream': connectXdrStream,
    'htmlfile-stream': connectHtmlfile,
    'iframe-stream': connectIframe,
    'long-poll': connectPoll,
    'xdr-poll': connectXdrPoll,
    'jsonp-poll': connectJsonp,
  };
  // One object per name, because the session and the chooser identify a transport by its object.
  const rows = transportsOf(platform, abroad).map((name) => ({
    name,
    kind: kindOf(name),
  })) as readonly unknown[] as readonly TransportEntry[];
  return { connects, rows, usual: /./ };
}

const kindOf = (name: string): TransportEntry['kind'] => (name.split('-')[1] || 'duplex') as TransportEntry['kind'];
