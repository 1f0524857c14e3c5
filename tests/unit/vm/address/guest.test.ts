import { describe, expect, test } from 'bun:test';
import { parseGuestAddresses } from '../../../../src/vm/address/guest.ts';

const addr = (number: number, device: string, address: string) =>
  `${number}: ${device}    inet ${address}/24 brd 10.255.255.255 scope global ${device}\\       valid_lft forever preferred_lft forever`;
const parse = (...lines: string[]) => parseGuestAddresses(`${lines.join('\n')}\n`);

describe('the addresses by which a guest is reached', () => {
  test.each<[string, string[], readonly string[] | undefined]>([
    [
      'the interface of the default route',
      ['default via 10.0.0.1 dev enp0s1', addr(1, 'docker0', '172.17.0.1'), addr(2, 'enp0s1', '10.0.0.2')],
      ['10.0.0.2'],
    ],
    [
      'the route with the lowest metric first',
      [
        'default via 10.1.0.1 dev b metric 600',
        'default via 10.0.0.1 dev a proto dhcp metric 100',
        addr(2, 'b', '10.1.0.2'),
        addr(3, 'a', '10.0.0.2'),
      ],
      ['10.0.0.2', '10.1.0.2'],
    ],
    [
      'several ways of one route',
      [
        'default proto static',
        '\tnexthop via 10.0.0.1 dev a weight 1',
        '\tnexthop via 10.1.0.1 dev b weight 1',
        addr(2, 'a', '10.0.0.2'),
        addr(3, 'b', '10.1.0.2'),
      ],
      ['10.0.0.2', '10.1.0.2'],
    ],
    ['several addresses', ['default dev a scope link', addr(2, 'a', '10.0.0.2'), addr(2, 'a', '10.0.0.3')], ['10.0.0.2', '10.0.0.3']],
    ['a container’s interface', ['default via 10.0.0.1 dev eth0', addr(2, 'eth0@if7', '10.0.0.2')], ['10.0.0.2']],
    ['no default route', [addr(1, 'docker0', '172.17.0.1'), addr(3, 'br-0a1b', '172.18.0.1'), addr(2, 'enp0s1', '10.0.0.2')], ['10.0.0.2']],
    [
      'a VPN that takes the default route',
      [
        'default dev tun0 scope link',
        'default via 10.0.0.1 dev enp0s1 metric 100',
        addr(4, 'tun0', '10.8.0.2'),
        addr(2, 'enp0s1', '10.0.0.2'),
      ],
      ['10.0.0.2'],
    ],
    [
      'a VPN that has the only default route',
      ['default via 10.8.0.1 dev wg0', addr(4, 'wg0', '10.8.0.2'), addr(1, 'docker0', '172.17.0.1'), addr(2, 'enp0s1', '10.0.0.2')],
      ['10.0.0.2'],
    ],
    ['a VPN alone', ['default dev tun0'], []],
    ['docker alone', [addr(1, 'docker0', '172.17.0.1')], []],
    ['a route without an address yet', ['default via 10.0.0.1 dev enp0s1'], []],
    ['nothing', [''], undefined],
    ['words of somebody else', ['sh: 1: ip: not found'], undefined],
  ])('%s', (_, lines, expected) => expect(parse(...lines)).toEqual(expected));
});
