import { expect, test } from 'bun:test';
import { readLines } from '../../../../src/system/programs/lines.ts';

test('a stream that broke tells its error once, though it is cancelled after that', async () => {
  const broken = new Error('ECONNRESET');
  const told: unknown[] = [];
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(broken),
  });
  const reading = readLines(stream, { maxBytes: 1, onLine: undefined, onFlood() {}, onError: (error) => void told.push(error) });
  await reading.done;
  reading.cancel();
  // By then an error that nobody takes would have failed the test.
  await new Promise(setImmediate);
  expect(told).toEqual([broken]);
});
