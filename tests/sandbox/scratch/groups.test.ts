import { expect, test } from 'bun:test';
import { hasEnded, signal } from '../processes.ts';
import { waitUntil } from '../wait.ts';
import { createGroups } from './groups.ts';

/** A group of its own, whose leader runs this script. */
const start = (script: string) => Bun.spawn(['sh', '-c', script], { stdio: ['pipe', 'pipe', 'ignore'], detached: true });

test('a group is forgotten when its last process has ended: its number may become that of a stranger', async () => {
  const groups = createGroups();
  const leader = start('exec 3<&0; cat <&3 > /dev/null &');
  groups.add(leader.pid);
  await leader.exited;
  groups.forgetEnded();
  // `cat` is in it still.
  expect(groups.size).toBe(1);
  await leader.stdin.end();
  await waitUntil('the group to be forgotten', () => {
    groups.forgetEnded();
    return groups.size === 0;
  });
});

test('a group dies whole with the power, also after its leader', async () => {
  const groups = createGroups();
  const leader = start('sleep 300 > /dev/null & echo $!');
  groups.add(leader.pid);
  const child = Number(await leader.stdout.text());
  await leader.exited;
  groups.forgetEnded();
  groups.killAll();
  await waitUntil('its last process to end', () => !signal(child, 0) || hasEnded('', child));
});
