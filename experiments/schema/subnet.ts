/** IPv4 prefixes of networks: which are malformed, which are not for containers, which overlap. */
import { parseSubnet, type Subnet } from '../../models/topology/address.js'

/** Null where the text is no IPv4 prefix. */
export function readSubnet(text: string): Subnet | null {
  try {
    return parseSubnet(text)
  } catch {
    return null
  }
}

/** `10.70.0.0/24` of `10.70.0.9/24`: the prefix with its host bits cleared. */
export function prefixOf(subnet: Subnet): string {
  const address = [24, 16, 8, 0].map((shift) => Math.floor(subnet.base / 2 ** shift) % 256).join('.')
  return `${address}/${subnet.prefix}`
}

export function overlap(a: Subnet, b: Subnet): boolean {
  const size = 2 ** (32 - Math.min(a.prefix, b.prefix))
  return Math.floor(a.base / size) === Math.floor(b.base / size)
}

/** Addresses that a layout can give away: all but the network's, the gateway's and the broadcast address. */
export function roomIn(subnet: Subnet): number {
  return Math.max(0, 2 ** (32 - subnet.prefix) - 3)
}

/** Prefixes that no network may use, with the reason (RFC 6890; the last is where layouts place the cables between hosts). */
const RESERVED: readonly { readonly prefix: string; readonly why: string }[] = [
  { prefix: '0.0.0.0/8', why: 'addresses of "this network", RFC 1122' },
  { prefix: '127.0.0.0/8', why: 'loopback addresses, RFC 1122' },
  { prefix: '224.0.0.0/4', why: 'multicast addresses, RFC 5771' },
  { prefix: '240.0.0.0/4', why: 'reserved addresses, RFC 1112' },
  { prefix: '172.31.0.0/16', why: 'the addresses of the links between hosts' },
]

/** Why a prefix is not for containers, or null. */
export function reservedBecause(subnet: Subnet): string | null {
  return RESERVED.find(({ prefix }) => overlap(parseSubnet(prefix), subnet))?.why ?? null
}

/** `10.70.N.0/24`, the default of the file's N-th network. */
export function defaultSubnet(index: number): string {
  return `10.70.${index % 256}.0/24`
}
