import { expect, test } from 'bun:test';
import type { Runner } from '../../../src/system/programs/runner.ts';
import { createDocker } from '../../../src/tools/docker.ts';

const saying = (code: number, stdout: string, stderr: string) =>
  createDocker({ run: async () => ({ code, stdout, stderr, timedOut: false }) } as unknown as Runner);

test.each([
  ['20.10', 'context "docker-lab" does not exist\n'],
  ['28.1', 'context "docker-lab": context not found: open /home/me/.docker/contexts/meta/1/meta.json: no such file or directory\n'],
])('an absent context, as docker %s tells it', async (_, stderr) => {
  expect(await saying(1, '[]\n', stderr).inspect('docker-lab')).toBeUndefined();
});

test('any other failure is one', async () => {
  const broken = saying(1, '[]\n', 'open /home/me/.docker/config.json: permission denied\n');
  await expect(broken.inspect('docker-lab')).rejects.toThrow(
    "'docker context' failed (exit 1): open /home/me/.docker/config.json: permission denied",
  );
});
