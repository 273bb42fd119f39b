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
for (const [network, bits] of [
  ['::', 128], ['::1', 128], ['::ffff:0:0', 96], ['64:ff9b::', 96], ['100::', 64], ['2001:db8::', 32], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8],
] as const) notPublic.addSubnet(network, bits, 'ipv6') // prettier-ignore

/** True for addresses of the open Internet: not of this machine, a private network, or set aside (RFC 6890). */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && !notPublic.check(address, family === 6 ? 'ipv6' : 'ipv4')
}
