import { describe, expect, it } from 'vitest';
import { counts, ServerBench } from './test-kit/server-bench.js';

describe('a link of the server', () => {
  it('[SN-10.1] sends a probe back as it came, before any attach', () => {
    const bench = new ServerBench();
    const io = bench.link();
    bench.record(io, { t: 'probe', pad: '..' });
    expect(io.take()).toEqual([{ t: 'probe', pad: '..' }]);
  });

  it('[SN-2.7] is ended by a probe where it does not go both ways', () => {
    const bench = new ServerBench();
    const io = bench.link('post');
    bench.record(io, { t: 'probe', pad: '..' });
    expect(io.ending).toBe('malformed');
  });

  it('[SN-2.7] [SN-2.8] is ended by a record or a message before it is attached', () => {
    const bench = new ServerBench();
    const one = bench.link();
    bench.record(one, { t: 'ack', ...counts() });
    expect(one.ending).toBe('malformed');
    const two = bench.link();
    bench.message(two, 'a');
    expect(two.ending).toBe('malformed');
  });

  it('refuses a session nobody knows', () => {
    const bench = new ServerBench();
    const io = bench.attach(1, { id: 'unknown' });
    expect(io.take()).toEqual([{ t: 'refused', code: 'unknown' }]);
    expect(io.ending).toBe('closed');
  });

  it('[SN-2.10] never changes its session', () => {
    const bench = new ServerBench();
    bench.open('a');
    bench.open('b');
    const io = bench.attach(1, { id: 'id 1' });
    bench.attach(1, { id: 'id 2' }, io);
    expect(io.ending).toBe('malformed');
  });

  it('is deaf once ended', () => {
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
