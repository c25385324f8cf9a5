import { connect } from 'node:net';

const streamOf = (host) =>
  `<?xml version='1.0'?><stream:stream to='${host}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`;
/** One whole element at the start of what was read; none of these has another of its own name within. */
const element = /\s*<([\w:-]+)(?:[^>"']|"[^"]*"|'[^']*')*?(?:\/>|>.*?<\/\1>)/sy;
const streamHeader = /^\s*(?:<\?xml[^>]*\?>)?\s*<stream:stream[^>]*>/;

/**
 * One person over XMPP on plain TCP: SASL PLAIN, a resource, presence, and stream management (XEP-0198), whose answer
 * to `<r/>` says how many stanzas the server has handled. Just enough for a bench, and only for servers that it starts
 * itself.
 */
export class XmppSession {
  #socket;
  #host;
  #text = '';
  /** What the next element means, until the session is open. */
  #step;
  #received = 0;
  #acked = 0;
  #unacked = [];
  #onMessage;

  /** @returns the open session; `onMessage(isError)` is called for every received message, `onEnd` when it ends */
  static open({ port, host, name, password, onMessage, onEnd }) {
    const session = new XmppSession();
    session.#host = host;
    session.#onMessage = onMessage;
    session.#socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('utf8');
    return new Promise((resolve, reject) => {
      session.#step = opening(session, { name, password, resolve, reject });
      session.#step.next();
      session.#socket.on('data', (text) => session.#read(text));
      session.#socket.once('error', reject);
      session.#socket.once('close', () => {
        onEnd('closed');
        reject(new Error(`the server closed the stream of ${name}`));
      });
    });
  }

  write(text) {
    this.#socket.write(text);
  }

  startStream() {
    this.write(streamOf(this.#host));
  }

  /** `settle` is called once the server says that it has handled the message. */
  send(to, id, body, settle) {
    this.#unacked.push(settle);
    this.write(
      `<message type='chat' to='${to}@${this.#host}' id='${id}'><body>${body}</body></message><r xmlns='urn:xmpp:sm:3'/>`,
    );
  }

  #read(text) {
    this.#text = (this.#text + text).replace(streamHeader, '');
    let at = 0;
    for (element.lastIndex = 0; ; at = element.lastIndex) {
      const match = element.exec(this.#text);
      if (match === null) break;
      // The regular expression is shared: reading one element must not start another reading.
      const next = element.lastIndex;
      this.#take(match[1], match[0]);
      element.lastIndex = next;
    }
    this.#text = this.#text.slice(at);
  }

  #take(name, text) {
    if (this.#step !== null) {
      if (this.#step.next(text).done) this.#step = null;
    } else if (name === 'a') this.#acknowledge(Number(/h=['"](\d+)/.exec(text)[1]));
    else if (name === 'r') this.write(`<a xmlns='urn:xmpp:sm:3' h='${this.#received}'/>`);
    else {
      this.#received += 1;
      if (name === 'message') this.#onMessage(/^\s*<message[^>]*type=['"]error/.test(text));
    }
  }

  #acknowledge(handled) {
    for (const settle of this.#unacked.splice(0, handled - this.#acked)) settle();
    this.#acked = handled;
  }
}

/** What is said and expected until messages may be sent: each `yield` waits for one element. */
function* opening(session, { name, password, resolve, reject }) {
  const expect = (text, what) => {
    if (!text.includes(what)) reject(new Error(`${name}: wanted ${what}, got ${text}`));
  };
  session.startStream();
  expect(yield, 'PLAIN');
  const secret = Buffer.from(`\0${name}\0${password}`).toString('base64');
  session.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${secret}</auth>`);
  expect(yield, '<success');
  session.startStream();
  expect(yield, 'urn:xmpp:sm:3');
  session.write(`<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>`);
  expect(yield, '<jid>');
  session.write(`<presence/><enable xmlns='urn:xmpp:sm:3'/>`);
  let text = yield;
  // The server echoes presence to the sender; it is not counted.
  while (!text.includes('<enabled')) text = yield;
  resolve(session);
}
