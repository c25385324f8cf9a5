import { describe, expect, it } from 'vitest';
import { counts, ServerBench } from './test-kit/server-bench.js';

// Tests the links of a server before, at and after their attach. `ServerBench` is one server node with a manual clock;
// the test plays the client.

describe('a link of the server', () => {
  it('[SN-10.1] a link returns a probe unchanged, before any attach', () => {
    const bench = new ServerBench();
    const io = bench.link();
    bench.record(io, { t: 'probe', pad: '..' });
    expect(io.take()).toEqual([{ t: 'probe', pad: '..' }]);
  });

  it('[SN-2.7] a probe on a link that is not two-way ends it', () => {
    const bench = new ServerBench();
    const io = bench.link('post');
    bench.record(io, { t: 'probe', pad: '..' });
    expect(io.ending).toBe('malformed');
  });

  it('[SN-2.7] [SN-2.8] a record or a message before the attach ends the link', () => {
    const bench = new ServerBench();
    const one = bench.link();
    bench.record(one, { t: 'ack', ...counts() });
    expect(one.ending).toBe('malformed');
    const two = bench.link();
    bench.message(two, 'a');
    expect(two.ending).toBe('malformed');
  });

  it('a link refuses an unknown session', () => {
    const bench = new ServerBench();
    const io = bench.attach(1, { id: 'unknown' });
    expect(io.take()).toEqual([{ t: 'refused', code: 'unknown' }]);
    expect(io.ending).toBe('closed');
  });

  it('[SN-2.10] a link never changes its session', () => {
    const bench = new ServerBench();
    bench.open('a');
    bench.open('b');
    const io = bench.attach(1, { id: 'id 1' });
    bench.attach(1, { id: 'id 2' }, io);
    expect(io.ending).toBe('malformed');
  });

  it('an ended link ignores all input', () => {
    const bench = new ServerBench();
    bench.open();
    const io = bench.attach();
    io.link.ended(0);
    io.take();
    bench.record(io, { t: 'ping', at: 0, ...counts() });
    bench.message(io, 'a');
    io.link.malformed(0);
    expect(io.take()).toEqual([]);
    expect(io.ending).toBeNull();
    expect(bench.session.transport).toBeNull();
  });
});
