import { expect, test } from 'bun:test';
import { isClosedWay } from '../../../../src/reach/login/through-agent.ts';

test.each([
  ['ssh: connect to host 192.168.64.7 port 22: No route to host', [2, 5]],
  ['ssh: connect to host 192.168.64.7 port 22: Network is unreachable', [2, 5]],
  ['ssh: connect to host 192.168.64.7 port 22: Host is down', [2, 5]],
  ['ssh: connect to host 192.168.64.7 port 22: Connection refused', [5]],
  ['ssh: connect to host 192.168.64.7 port 22: Operation timed out', [1, 2, 3, 4, 5]],
])('%s: another way is looked for after so many tries', (refused, expected) => {
  expect([1, 2, 3, 4, 5].filter((tries) => isClosedWay(refused, tries))).toEqual(expected);
});
