/** Subnets are well formed, large enough and apart; packets of a tunnel fit the link below it. */
import type { Subnet } from '../../../models/topology/address.js'
import type { Driver } from '../../../models/topology/scenario.js'
import { mtuOf, type Site, subnetsOf } from '../draft.js'
import type { ExperimentError } from '../errors.js'
import type { Path } from '../located.js'
import * as messages from '../messages.js'
import { overlap, prefixOf, readSubnet, reservedBecause, roomIn } from '../subnet.js'
import { linksBetween } from './networks.js'
import { isWritten, mistake } from './report.js'

/** What VXLAN adds to an inner IP packet within the link's MTU: inner Ethernet 14, VXLAN 8, UDP 8, IPv4 20 (RFC 7348, section 5). */
const VXLAN_BYTES = 50

/** ETH_MAX_MTU (include/uapi/linux/if_ether.h): veth, bridge and VXLAN devices take no more; the loopback does. */
const MAX_DEVICE_MTU_BYTES = 65_535
/** Drivers whose devices get addresses of the network's prefix. */
const HAS_ADDRESSES: readonly (Driver | undefined)[] = ['bridge', 'veth', 'routed', 'macvlan', 'ebpf-redirect', 'overlay']

export function checkAddresses(site: Site): readonly ExperimentError[] {
  return [...subnetErrors(site), ...mtuErrors(site)]
}

interface Taken {
  readonly name: string
  readonly subnet: Subnet
  readonly text: string
}

function subnetErrors(site: Site): readonly ExperimentError[] {
  const errors: ExperimentError[] = []
  const taken: Taken[] = []
  for (const [name, text] of subnetsOf(site.draft)) {
    const network = site.draft.networks?.[name]
    const path: Path = ['networks', name, 'subnet']
    // A subnet that is written but has no value was refused for its form already.
    if (network?.subnet === undefined && isWritten(site, path)) continue
    const subnet = readSubnet(text)
    if (subnet === null) {
      errors.push(mistake(site, [path], { expected: messages.malformedSubnet, found: JSON.stringify(text) }))
      continue
    }
    if (prefixOf(subnet) !== text) errors.push(mistake(site, [path], messages.hostBits(prefixOf(subnet), text)))
    if (!HAS_ADDRESSES.includes(network?.driver)) continue
    const why = reservedBecause(subnet)
    if (why !== null) errors.push(mistake(site, [path], messages.reservedSubnet(text, why)))
    const ends = site.attached.get(name) ?? []
    if (ends.length > roomIn(subnet)) {
      const paths = [path, ...ends.map((end) => [end.section, end.name, end.section === 'proxies' ? 'network' : 'networks'])]
      errors.push(mistake(site, paths, messages.subnetTooSmall(ends.length, roomIn(subnet), text)))
    }
    taken.push({ name, subnet, text })
  }
  return [...errors, ...overlapErrors(site, taken)]
}

/** Prefixes either contain one another or are apart, so that sorted by address, each is compared with the last one that reaches so far. */
function overlapErrors(site: Site, taken: readonly Taken[]): readonly ExperimentError[] {
  const errors: ExperimentError[] = []
  const sorted = [...taken].sort((a, b) => a.subnet.base - b.subnet.base || a.subnet.prefix - b.subnet.prefix)
  const place = new Map(taken.map((each, index) => [each, index]))
  let widest: Taken | undefined
  for (const each of sorted) {
    if (widest === undefined || !overlap(widest.subnet, each.subnet)) {
      widest = each
      continue
    }
    const [first, second] = place.get(widest)! < place.get(each)! ? [widest, each] : [each, widest]
    const paths: Path[] = [
      ['networks', second.name, 'subnet'],
      ['networks', first.name, 'subnet'],
    ]
    const isDefault = !isWritten(site, paths[0]!)
    errors.push(mistake(site, paths, messages.subnetsOverlap(first.name, prefixOf(first.subnet), second.text, isDefault)))
  }
  return errors
}

/** No device takes more than its kind allows. */
function mtuErrors(site: Site): readonly ExperimentError[] {
  const errors: ExperimentError[] = []
  for (const [name, network] of Object.entries(site.draft.networks ?? {})) {
    const mtu = mtuOf(site.draft, name)
    if (mtu === undefined || !HAS_ADDRESSES.includes(network?.driver) || mtu <= MAX_DEVICE_MTU_BYTES) continue
    const paths: Path[] = [...mtuPaths(site, name), ['networks', name, 'driver']]
    errors.push(mistake(site, paths, messages.deviceMtu(MAX_DEVICE_MTU_BYTES, network!.driver!, mtu)))
  }
  return errors
}

const mtuPaths = (site: Site, name: string): Path[] => (site.draft.tcp?.mtu === undefined ? [['networks', name, 'mtu']] : [['tcp', 'mtu']])

/**
 * Overlays whose packets don't fit the links below them: no mistake, for the kernel answers with path-MTU messages and the senders adapt, but
 * nobody means it.
 */
export function overlayWarnings(site: Site): readonly ExperimentError[] {
  const warnings: ExperimentError[] = []
  for (const [name, network] of Object.entries(site.draft.networks ?? {})) {
    const mtu = mtuOf(site.draft, name)
    const [a, b] = [...new Set((site.attached.get(name) ?? []).map((end) => end.host))]
    if (mtu === undefined || network?.driver !== 'overlay' || a === undefined || b === undefined) continue
    for (const index of linksBetween(site, a, b) ?? []) {
      const linkMtu = site.draft.links?.[index]?.mtu
      if (linkMtu === undefined || mtu + VXLAN_BYTES <= linkMtu) continue
      const link = `the link between ${site.draft.links![index]!.between!.join(' and ')}`
      warnings.push(mistake(site, [...mtuPaths(site, name), ['links', index, 'mtu']], messages.overlayMtu(linkMtu, link, mtu)))
      break
    }
  }
  return warnings
}
