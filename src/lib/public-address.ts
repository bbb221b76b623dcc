// Which addresses belong to the world, and which to a private network, to this machine or to nobody: a name that somebody
// typed in may point at any of them.
import { BlockList, isIP } from 'node:net'

/** What IANA sets aside; of IPv6 everything but the part that is handed out to networks of the world (2000::/3). */
const setAside = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  setAside.addSubnet(net, bits, 'ipv4')
const world = new BlockList()
world.addSubnet('2000::', 3, 'ipv6')
// Inside it: tunnels, which carry an IPv4 address of any kind, and addresses for documents.
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  setAside.addSubnet(net, bits, 'ipv6')

export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  if (family === 4) return !setAside.check(address, 'ipv4')
  return world.check(address, 'ipv6') && !setAside.check(address, 'ipv6')
}
