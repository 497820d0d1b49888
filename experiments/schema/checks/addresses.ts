/** Subnets are well formed, large enough and apart; packets of a tunnel fit the link below it. */
import type { Subnet } from '../../../models/topology/address.js'
import { mtuOf, type Site, subnetOf } from '../draft.js'
import type { ExperimentError } from '../errors.js'
import type { Path } from '../located.js'
import * as messages from '../messages.js'
import { overlap, prefixOf, readSubnet, reservedBecause, roomIn } from '../subnet.js'
import { linkBetween } from './networks.js'
import { isWritten, mistake } from './report.js'

/** Outer Ethernet, IPv4, UDP and VXLAN headers around an inner frame, without the outer Ethernet header's own MTU share (RFC 7348). */
const VXLAN_BYTES = 50

export function checkAddresses(site: Site): readonly ExperimentError[] {
  return [...subnetErrors(site), ...tunnelErrors(site)]
}

function subnetErrors(site: Site): readonly ExperimentError[] {
  const errors: ExperimentError[] = []
  const taken: { readonly name: string; readonly subnet: Subnet }[] = []
  for (const [name, network] of Object.entries(site.draft.networks ?? {})) {
    const path: Path = ['networks', name, 'subnet']
    const hasAddresses = network?.driver !== 'shared' && network?.driver !== 'host' && network?.driver !== 'none'
    const isRead = network?.subnet !== undefined || !isWritten(site, path)
    if (!isRead) continue
    const text = subnetOf(site.draft, name)
    const subnet = readSubnet(text)
    if (subnet === null) {
      errors.push(mistake(site, [path], { expected: messages.malformedSubnet, found: JSON.stringify(text) }))
      continue
    }
    if (prefixOf(subnet) !== text) errors.push(mistake(site, [path], messages.hostBits(prefixOf(subnet), text)))
    if (!hasAddresses) continue
    const why = reservedBecause(subnet)
    if (why !== null) errors.push(mistake(site, [path], messages.reservedSubnet(text, why)))
    const ends = site.ends.filter((end) => end.networks.includes(name))
    if (ends.length > roomIn(subnet)) {
      const paths = [path, ...ends.map((end) => [end.section, end.name, end.section === 'proxies' ? 'network' : 'networks'])]
      errors.push(mistake(site, paths, messages.subnetTooSmall(ends.length, roomIn(subnet), text)))
    }
    const other = taken.find((candidate) => overlap(candidate.subnet, subnet))
    if (other !== undefined) {
      const paths = [path, ['networks', other.name, 'subnet']]
      errors.push(mistake(site, paths, messages.subnetsOverlap(other.name, prefixOf(other.subnet), text)))
    }
    taken.push({ name, subnet })
  }
  return errors
}

/** An inner packet that fills the link would leave as two outer ones: the kernel answers with path-MTU messages, which nothing models. */
function tunnelErrors(site: Site): readonly ExperimentError[] {
  const errors: ExperimentError[] = []
  for (const [name, network] of Object.entries(site.draft.networks ?? {})) {
    const hosts = [...new Set(site.ends.filter((end) => end.networks.includes(name)).map((end) => end.host))]
    const [a, b] = hosts
    if (network?.driver !== 'overlay' || a === undefined || b === undefined) continue
    const index = linkBetween(site, a, b)
    const linkMtu = site.draft.links?.[index]?.mtu
    const mtu = mtuOf(site.draft, name)
    if (linkMtu === undefined || mtu === undefined || mtu + VXLAN_BYTES <= linkMtu) continue
    const paths: Path[] = [
      ...(site.draft.tcp?.mtu === undefined ? [] : [['tcp', 'mtu']]),
      ['networks', name, 'mtu'],
      ['links', index, 'mtu'],
    ]
    errors.push(mistake(site, paths, messages.overlayMtu(linkMtu, `the link between ${a} and ${b}`, mtu)))
  }
  return errors
}
