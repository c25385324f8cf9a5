// Over 300 lines: the cases of one class share its set-up.
import type { FileRef } from '@everywire/chat';
import type { UploadOptions } from '@everywire/chat-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type MessageWithAttachments, PendingAttachments } from './pending-attachments.js';

/** An upload in progress, which a test ends by `done` or `fail`. */
interface Upload {
  readonly file: { readonly name: string };
  readonly options: UploadOptions;
  readonly done: (ref: FileRef) => Promise<void>;
  readonly fail: (code: string) => Promise<void>;
}

const ref = (name: string): FileRef => ({ id: name.repeat(4), name, kind: 'file', type: 'text/plain', size: 200 });
const file = (name: string, type = 'text/plain', size = 200) => new File(['x'.repeat(size)], name, { type });
const settle = () => vi.waitFor(() => Promise.resolve());

/** Creates attachments whose uploads end when a test says so, with the composer that shows them. */
function setUp() {
  const uploads: Upload[] = [];
  const connection = { open: true };
  const attachments = new PendingAttachments(
    (given, options = {}) =>
      new Promise((resolve, reject) => {
        const done = async (uploaded: FileRef) => {
          resolve(uploaded);
          await settle();
        };
        const fail = async (code: string) => {
          reject(Object.assign(new Error(code), { code }));
          await settle();
        };
        uploads.push({ file: given, options, done, fail });
      }),
    () => connection.open,
  );
  const composer = { onFailure: vi.fn(), onSent: vi.fn() };
  const leave = attachments.attach(composer);
  const sent: (readonly string[])[] = [];
  const drafts: string[] = [];
  const message = (parts: Partial<MessageWithAttachments> = {}): MessageWithAttachments => ({
    text: 'hi',
    send: (files) => {
      sent.push(files.map(({ name }) => name));
      return null;
    },
    readDraft: () => 'hi',
    keepDraft: (text) => drafts.push(text),
    ...parts,
  });
  const items = () => attachments.getSnapshot().items.map(({ name, percent, failed }) => [name, percent, failed]);
  return { attachments, connection, uploads, composer, leave, sent, drafts, message, items };
}

/** Returns an upload. Fails if there is none of this index. */
const upload = (uploads: readonly Upload[], index: number): Upload => {
  const found = uploads[index];
  if (found === undefined) throw new Error(`There was no upload ${index}.`);
  return found;
};

let addresses: string[] = [];

beforeEach(() => {
  addresses = [];
  vi.spyOn(URL, 'createObjectURL').mockImplementation((made) => {
    const address = `blob:${(made as File).name}`;
    addresses.push(address);
    return address;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((address) => {
    addresses = addresses.filter((other) => other !== address);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('uploading files', () => {
  test('uploading files show their progress in whole percent', () => {
    const { attachments, uploads, items } = setUp();
    attachments.add([file('a'), file('empty', 'text/plain', 0)]);
    expect(items()).toEqual([
      ['a', 0, false],
      ['empty', 0, false],
    ]);
    upload(uploads, 0).options.onProgress?.(3);
    upload(uploads, 1).options.onProgress?.(0);
    expect(items()).toEqual([
      ['a', 1, false],
      ['empty', 0, false],
    ]);
    upload(uploads, 0).options.onProgress?.(200);
    expect(items()[0]).toEqual(['a', 100, false]);
    attachments.add([file('byte', 'text/plain', 1)]);
    upload(uploads, 2).options.onProgress?.(1);
    expect(items()[2]).toEqual(['byte', 100, false]);
  });

  test('adding files clears the last error, and every change notifies the listeners', () => {
    const { attachments, uploads, composer } = setUp();
    const listener = vi.fn();
    const stop = attachments.subscribe(listener);
    attachments.add([file('a')]);
    expect(composer.onFailure.mock.calls).toEqual([[null]]);
    expect(listener).toHaveBeenCalledTimes(1);
    upload(uploads, 0).options.onProgress?.(100);
    expect(listener).toHaveBeenCalledTimes(2);
    stop();
    upload(uploads, 0).options.onProgress?.(200);
    expect(listener).toHaveBeenCalledTimes(2);
  });

  test('a picture is shown by a blob URL, which is revoked when it is removed', () => {
    const { attachments } = setUp();
    attachments.add([file('a.png', 'image/png'), file('b.txt')]);
    expect(attachments.getSnapshot().items.map(({ picture }) => picture)).toEqual(['blob:a.png', null]);
    expect(addresses).toEqual(['blob:a.png']);
    attachments.remove(1);
    expect(addresses).toEqual(['blob:a.png']);
    attachments.remove(0);
    expect(addresses).toEqual([]);
  });

  test('removing a file cancels its upload and reports nothing', async () => {
    const { attachments, uploads, composer, items } = setUp();
    attachments.add([file('a'), file('b')]);
    attachments.remove(0);
    expect(uploads.map(({ options }) => options.signal?.aborted)).toEqual([true, false]);
    await upload(uploads, 0).fail('interrupted');
    expect([items(), composer.onFailure.mock.calls]).toEqual([[['b', 0, false]], [[null]]]);
  });

  test('a failed upload reports its error and can be retried from the start', async () => {
    const { attachments, uploads, composer, items } = setUp();
    attachments.add([file('a')]);
    upload(uploads, 0).options.onProgress?.(100);
    await upload(uploads, 0).fail('upload_unfinished');
    expect([items(), composer.onFailure.mock.lastCall]).toEqual([[['a', 50, true]], ['upload_unfinished']]);
    attachments.retry(0);
    expect([items(), composer.onFailure.mock.lastCall, uploads.length]).toEqual([[['a', 0, false]], [null], 2]);
    expect(upload(uploads, 1).file).toBe(upload(uploads, 0).file);
    attachments.retry(0);
    expect(uploads).toHaveLength(2);
    await upload(uploads, 1).fail('upload_unfinished');
    expect(items()).toEqual([['a', 0, true]]);
  });

  test('retry is a no-op for unknown and restored files', () => {
    const { attachments, uploads, composer } = setUp();
    attachments.addUploaded([ref('a')]);
    attachments.retry(0);
    attachments.retry(9);
    expect([uploads, composer.onFailure.mock.calls]).toEqual([[], []]);
  });
});

describe('restored files', () => {
  test('a restored file counts as uploaded, and its preview is not a blob URL', () => {
    const { attachments, items } = setUp();
    const picture = { width: 1, height: 1, placeholder: '' };
    attachments.addUploaded([ref('a'), { ...ref('p'), kind: 'image', picture }]);
    expect(items()).toEqual([
      ['a', 100, false],
      ['p', 100, false],
    ]);
    expect(attachments.getSnapshot().items.map((item) => item.picture)).toEqual([null, '/api/files/pppp/preview']);
    attachments.remove(1);
    expect(URL.revokeObjectURL).not.toHaveBeenCalled();
  });

  test('restored files are sent with the message', async () => {
    const { attachments, message, sent } = setUp();
    attachments.addUploaded([ref('a')]);
    attachments.send(message());
    await vi.waitFor(() => expect(sent).toEqual([['a']]));
  });
});

describe('a message with files', () => {
  test('a message without files is sent synchronously', () => {
    const { attachments, message, sent, composer } = setUp();
    attachments.send(message());
    expect([sent, composer.onSent.mock.calls]).toEqual([[[]], [['hi']]]);
    expect(attachments.getSnapshot()).toEqual({ items: [], sending: false });
  });

  test('a message waits for all its files, keeps their order, and clears the attachments', async () => {
    const { attachments, uploads, message, sent, composer, drafts, items } = setUp();
    attachments.add([file('a'), file('b')]);
    attachments.send(message());
    await upload(uploads, 1).done(ref('b'));
    expect([attachments.getSnapshot().sending, sent]).toEqual([true, []]);
    await upload(uploads, 0).done(ref('a'));
    await vi.waitFor(() => expect(attachments.getSnapshot().sending).toBe(false));
    expect([sent, composer.onSent.mock.calls, items(), drafts]).toEqual([[['a', 'b']], [['hi']], [], []]);
  });

  test('a second tap sends nothing while the first one waits', async () => {
    const { attachments, uploads, message } = setUp();
    const send = vi.fn(() => ({ code: 'outbox_full', retryable: true }));
    attachments.add([file('a')]);
    attachments.send(message({ send }));
    attachments.send(message({ send }));
    await upload(uploads, 0).done(ref('a'));
    await vi.waitFor(() => expect(attachments.getSnapshot().sending).toBe(false));
    expect(send).toHaveBeenCalledTimes(1);
    attachments.send(message({ send }));
    await vi.waitFor(() => expect(send).toHaveBeenCalledTimes(2));
  });

  test('a file added while a message waits goes with the next message', async () => {
    const { attachments, uploads, message, sent, items } = setUp();
    attachments.add([file('a')]);
    attachments.send(message());
    attachments.add([file('b')]);
    await upload(uploads, 0).done(ref('a'));
    await vi.waitFor(() => expect(attachments.getSnapshot().sending).toBe(false));
    expect([sent, items()]).toEqual([[['a']], [['b', 0, false]]]);
  });

  test('removing a file while a message waits cancels the message', async () => {
    const { attachments, uploads, message, sent, items } = setUp();
    attachments.add([file('a'), file('b')]);
    attachments.send(message());
    attachments.remove(0);
    await upload(uploads, 0).done(ref('a'));
    await upload(uploads, 1).done(ref('b'));
    await vi.waitFor(() => expect(attachments.getSnapshot().sending).toBe(false));
    expect([sent, items()]).toEqual([[], [['b', 0, false]]]);
  });

  test('removing a file while a message waits reports no failure', async () => {
    const { attachments, uploads, composer, message, sent } = setUp();
    attachments.add([file('a')]);
    attachments.send(message());
    attachments.remove(0);
    await upload(uploads, 0).fail('interrupted');
    await vi.waitFor(() => expect(attachments.getSnapshot().sending).toBe(false));
    expect([sent, composer.onFailure.mock.calls]).toEqual([[], [[null]]]);
  });

  test('a message is not sent if a file fails, and sending again retries that file', async () => {
    const { attachments, uploads, message, sent, composer, items } = setUp();
    attachments.add([file('a'), file('b')]);
    attachments.send(message());
    await upload(uploads, 0).done(ref('a'));
    await upload(uploads, 1).fail('upload_unfinished');
    await vi.waitFor(() => expect(attachments.getSnapshot().sending).toBe(false));
    expect([sent, composer.onSent.mock.calls, composer.onFailure.mock.lastCall]).toEqual([
      [],
      [],
      ['upload_unfinished'],
    ]);
    expect(items()).toEqual([
      ['a', 0, false],
      ['b', 0, true],
    ]);
    attachments.send(message());
    await upload(uploads, 2).done(ref('b'));
    await vi.waitFor(() => expect(sent).toEqual([['a', 'b']]));
    expect(uploads).toHaveLength(3);
  });

  test('a message refused by the outbox stays with its files', async () => {
    const { attachments, uploads, message, composer, items } = setUp();
    attachments.add([file('a')]);
    attachments.send(message({ send: () => ({ code: 'outbox_full', retryable: true }) }));
    await upload(uploads, 0).done(ref('a'));
    await vi.waitFor(() => expect(attachments.getSnapshot().sending).toBe(false));
    expect([composer.onFailure.mock.lastCall, composer.onSent.mock.calls]).toEqual([['outbox_full'], []]);
    expect(items()).toEqual([['a', 0, false]]);
  });
});

describe('attachments without a composer', () => {
  test('a message sent without a composer keeps the text typed after it as the draft', async () => {
    const { attachments, uploads, leave, message, sent, drafts, composer } = setUp();
    attachments.add([file('a')]);
    leave();
    let draft = 'hi and more';
    const send: MessageWithAttachments['send'] = (files) => {
      // Sending clears the draft.
      draft = '';
      return message().send(files);
    };
    attachments.send(message({ send, readDraft: () => draft }));
    await upload(uploads, 0).done(ref('a'));
    await vi.waitFor(() => expect(sent).toEqual([['a']]));
    expect([drafts, composer.onSent.mock.calls]).toEqual([['and more'], []]);
  });

  test('a failure without a composer is reported once, to the next composer', async () => {
    const { attachments, uploads, leave, composer } = setUp();
    attachments.add([file('a')]);
    leave();
    await upload(uploads, 0).fail('upload_unfinished');
    expect(composer.onFailure.mock.calls).toEqual([[null]]);
    const next = { onFailure: vi.fn(), onSent: vi.fn() };
    attachments.attach(next)();
    expect(next.onFailure.mock.calls).toEqual([['upload_unfinished']]);
    const last = { onFailure: vi.fn(), onSent: vi.fn() };
    attachments.attach(last);
    expect(last.onFailure).not.toHaveBeenCalled();
  });

  test('nothing is uploaded or sent after stop', async () => {
    const { attachments, uploads, message, sent, items, composer } = setUp();
    attachments.add([file('a.png', 'image/png'), file('b')]);
    attachments.send(message());
    attachments.stop();
    expect([uploads.map(({ options }) => options.signal?.aborted), items(), addresses]).toEqual([[true, true], [], []]);
    await upload(uploads, 0).done(ref('a'));
    await upload(uploads, 1).done(ref('b'));
    await vi.waitFor(() => expect(attachments.getSnapshot().sending).toBe(false));
    expect([sent, composer.onFailure.mock.calls]).toEqual([[], [[null]]]);
  });
});

describe('without a connection', () => {
  test('a file added without a connection waits and is uploaded when the connection returns', async () => {
    const { attachments, uploads, composer, items } = setUp();
    attachments.add([file('a'), file('b')]);
    await upload(uploads, 0).fail('offline');
    await upload(uploads, 1).fail('quota_exceeded');
    expect(attachments.getSnapshot().items.map(({ failed, waiting }) => [failed, waiting])).toEqual([
      [false, true],
      [true, false],
    ]);
    expect(composer.onFailure.mock.calls).toEqual([[null], ['quota_exceeded']]);
    attachments.resume();
    expect(uploads.map((one) => one.file.name)).toEqual(['a', 'b', 'a']);
    expect([items()[0], attachments.getSnapshot().items[0]?.waiting]).toEqual([['a', 0, false], false]);
  });

  test('without a connection a message goes into the outbox immediately, with uploaded files and the bytes of the others', async () => {
    const { attachments, connection, uploads, composer, message, items } = setUp();
    const sent: unknown[] = [];
    const send: MessageWithAttachments['send'] = (files) => {
      sent.push(files.map((one) => ('bytes' in one ? [one.name, one.type, one.bytes.byteLength] : one.id)));
      return null;
    };
    attachments.add([file('a.png', 'image/png'), file('b'), file('c')]);
    await upload(uploads, 1).done(ref('b'));
    await upload(uploads, 0).fail('offline');
    connection.open = false;
    attachments.send(message({ send }));
    await vi.waitFor(() => expect(attachments.getSnapshot().sending).toBe(false));
    expect(sent).toEqual([[['a.png', 'image/png', 200], 'bbbb', ['c', 'text/plain', 200]]]);
    expect([items(), composer.onSent.mock.calls, addresses]).toEqual([[], [['hi']], []]);
    expect(uploads.map(({ options }) => options.signal?.aborted)).toEqual([true, false, true]);
  });

  test('a message that waits when the connection is lost goes into the outbox', async () => {
    const { attachments, uploads, message, sent, items } = setUp();
    attachments.add([file('a')]);
    attachments.send(message());
    await upload(uploads, 0).fail('offline');
    await vi.waitFor(() => expect(attachments.getSnapshot().sending).toBe(false));
    expect([sent, items()]).toEqual([[['a']], []]);
  });

  test('a message that the device cannot store stays, and the composer shows the error', async () => {
    const { attachments, connection, composer, message, items } = setUp();
    connection.open = false;
    attachments.add([file('a')]);
    attachments.send(message({ send: () => ({ code: 'waiting_files_full', retryable: true }) }));
    await vi.waitFor(() => expect(attachments.getSnapshot().sending).toBe(false));
    expect([composer.onFailure.mock.lastCall, items()]).toEqual([['waiting_files_full'], [['a', 0, false]]]);
  });
});
