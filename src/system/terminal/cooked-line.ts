/**
 * Reads one line of stdin, a terminal that lets it be edited and hands it over whole. Undefined at its end (Ctrl-D), and once `signal` is
 * aborted. Afterwards the process can end although stdin was read.
 */
export async function readCookedLine(signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const { stdin } = process;
  const line = Promise.withResolvers<string | undefined>();
  const decoder = new TextDecoder();
  let typed = '';
  const onData = (bytes: Uint8Array) => {
    typed += decoder.decode(bytes, { stream: true });
    const end = typed.indexOf('\n');
    if (end >= 0) line.resolve(typed.slice(0, end));
  };
  const onEnd = () => line.resolve(undefined);
  stdin.on('data', onData);
  stdin.once('end', onEnd);
  // Stays: a closed terminal may be told so late that it would decide the exit code.
  stdin.once('error', onEnd);
  signal.addEventListener('abort', onEnd);
  // A line before this one has paused it.
  stdin.ref();
  stdin.resume();
  try {
    return await line.promise;
  } finally {
    stdin.off('data', onData);
    stdin.off('end', onEnd);
    signal.removeEventListener('abort', onEnd);
    stdin.pause();
    stdin.unref();
  }
}
