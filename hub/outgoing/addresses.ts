import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/**
 * What an address is to a hub that calls out: `public` may be reached by anybody's wish; `inner` belongs to a county's own network, for hosts the
 * settings name; `never` is this machine, its link, a cloud's metadata, a group, or an address inside an address. Anything unread is `never`.
 */
export type Reach = 'public' | 'inner' | 'never'

export const reachOf = (address: string): Reach => {
  if (isIPv4(address)) return reachOf4(address)
  // A zone (`fe80::1%eth0`) names a link of this machine.
  if (!isIPv6(address) || address.includes('%')) return 'never'
  if (INNER_6.check(address, 'ipv6')) return NEVER.check(address, 'ipv6') ? 'never' : 'inner'
  return GLOBAL.check(address, 'ipv6') && !NEVER.check(address, 'ipv6') ? 'public' : 'never'
}

/** Whether a text is an address rather than a name. */
export const isAddress = (text: string): boolean => isIP(text) !== 0

const reachOf4 = (address: string): Reach => {
  if (NEVER.check(address, 'ipv4')) return 'never'
  return INNER.check(address, 'ipv4') ? 'inner' : 'public'
}

const listOf = (ranges: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList()
  for (const [net, bits] of ranges) list.addSubnet(net, bits, net.includes(':') ? 'ipv6' : 'ipv4')
  return list
}

/** Networks of a county's own [RFC 1918, RFC 4193, RFC 6598]. */
const INNER = listOf([
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
])
// Apart: a list of both kinds would know `::ffff:10.0.0.1` again by its IPv4 half.
const INNER_6 = listOf([['fc00::', 7]])

/** Everything in IPv6 that is anybody's to reach lies in here; all the rest of the space is refused unseen [RFC 4291 2.4]. */
const GLOBAL = listOf([['2000::', 3]])

/** Special purposes [RFC 6890 and the IANA registries], addresses that carry another one inside them, and metadata services of clouds. */
const NEVER = listOf([
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['fd00:ec2::', 32],
  ['fd20:ce::', 32],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
])
