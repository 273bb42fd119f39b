import { BlockList, isIP } from 'node:net'

/** Where a host name leads, and the port there when it is another than the URL's; for labs and split networks. */
export interface Destination {
  address: string
  port?: number
}

/** Finds where a host leads; passed in, so that labs and tests need no DNS. None → an empty list. */
export type FindHost = (host: string) => Promise<Destination[]>

const notPublic = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24],
  ['192.0.2.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 3],
] as const) notPublic.addSubnet(network, bits, 'ipv4') // prettier-ignore
/** Of global unicast: what is set aside for protocols (Teredo and others), for examples, and 6to4, which may lead to any IPv4. */
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv6')
}
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')
const mapped = new BlockList()
mapped.addSubnet('::ffff:0:0', 96, 'ipv6')

/**
 * True for addresses of the open Internet: not of this machine, a private network, or set aside (RFC 6890). IPv6 is so in global unicast
 * alone; an IPv4 address written as IPv6 (`::ffff:8.8.8.8`) is what it is as IPv4.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  // A zone (`fe80::1%eth0`) is of this machine.
  if (family === 0 || address.includes('%')) return false
  if (family === 4) return !notPublic.check(address, 'ipv4')
  // The list looks at what is mapped as IPv4.
  return (globalUnicast.check(address, 'ipv6') || mapped.check(address, 'ipv6')) && !notPublic.check(address, 'ipv6')
}
