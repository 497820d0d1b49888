/**
 * The layout of a scenario: the namespaces, devices, addresses, routes and processes that realise it. It is computed once and used twice:
 * the testbed builds exactly this out of the kernel's devices, and the resolver walks exactly this to find a flow's stages.
 */
import type { Device, Layout, Namespace, Process } from './devices.js'
import { layOutNetwork } from './drivers.js'
import { endsOf, namespaceOf } from './ends.js'
import { engineForwardRules, engineMasquerades } from './engine.js'
import { layOutLinks } from './links.js'
import { forwardingNamespaces, routesOf } from './routing.js'
import type { Policy, Scenario } from './scenario.js'
import { masqueradesOf, publishedAddress, serviceAddresses, translationsOf } from './translations.js'

export type * from './devices.js'

/**
 * @throws RangeError where a scenario can't be laid out: an unknown name, a `veth` network without exactly two ends, a bridge across hosts,
 * an overlay across more than two hosts, hosts without a link between them. The experiment schema reports these first, with their place.
 */
export function layOut(scenario: Scenario): Layout {
  const namespaces = new Map<string, Namespace>()
  const devices: Device[] = []
  const ends = endsOf(scenario)
  const addresses = new Map(ends.map((end): [string, Record<string, string>] => [end.name, {}]))

  const machineOf = (host: string): string => {
    const found = scenario.hosts[host]
    if (found === undefined) throw new RangeError(`no host is named ${host}`)
    return found.machine
  }
  for (const host of Object.keys(scenario.hosts)) namespaces.set(`host.${host}`, { name: `host.${host}`, machine: machineOf(host) })
  for (const end of ends) namespaces.set(namespaceOf(scenario, end), { name: namespaceOf(scenario, end), machine: machineOf(end.host) })

  const underlay = layOutLinks(scenario, devices, namespaces)
  const interfaceIn = interfaceNames()
  for (const [name, network] of Object.entries(scenario.networks)) {
    const attached = ends.filter((end) => end.beside === undefined && end.networks.includes(name))
    if (attached.length === 0) continue
    const record = (end: { readonly name: string }, address: string): void => {
      addresses.get(end.name)![name] = address
    }
    layOutNetwork({ scenario, name, network, attached, devices, underlay, interfaceIn, record })
  }

  const services = serviceAddresses(scenario)
  const forwarding = forwardingNamespaces(scenario, devices, [...namespaces.keys()])
  const addressOf = (container: string): string | undefined => Object.values(addresses.get(container) ?? {})[0]
  const translations = translationsOf(scenario, devices, services, addressOf)
  const processes = ends.flatMap((end): Process[] => {
    if (end.role === 'router') return []
    const published =
      scenario.containers[end.name]?.publish === undefined ? {} : { published: publishedAddress(scenario, devices, end.host) }
    return [
      {
        name: end.name,
        role: end.role,
        namespace: namespaceOf(scenario, end),
        machine: machineOf(end.host),
        core: end.core,
        addresses: addresses.get(end.beside ?? end.name)!,
        ...published,
      },
    ]
  })
  return {
    namespaces: [...namespaces.values()],
    devices,
    processes,
    forwarding,
    routes: routesOf(devices, forwarding, translations),
    policies: policiesOf(scenario),
    translations,
    masquerades: [...masqueradesOf(scenario, devices, forwarding), ...engineMasquerades(scenario, ends)],
    ...(scenario.engine === undefined ? {} : { forwardRules: engineForwardRules(scenario, ends) }),
    services,
  }
}

/** `eth0`, `eth1`, ... in each namespace. */
function interfaceNames(): (namespace: string) => string {
  const count = new Map<string, number>()
  return (namespace) => {
    const index = count.get(namespace) ?? 0
    count.set(namespace, index + 1)
    return `eth${index}`
  }
}

function policiesOf(scenario: Scenario): Record<string, Policy> {
  const entries: [string, Policy | undefined][] = [
    ...Object.entries(scenario.hosts).map(([name, { policy }]): [string, Policy | undefined] => [`host.${name}`, policy]),
    ...Object.entries(scenario.routers ?? {}).map(([name, { policy }]): [string, Policy | undefined] => [`router.${name}`, policy]),
  ]
  return Object.fromEntries(entries.flatMap(([name, policy]) => (policy === undefined ? [] : [[name, policy]])))
}
