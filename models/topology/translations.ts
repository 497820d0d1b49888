/** Translations of addresses: published containers, services, and what leaves with an address of the namespace that forwards it. */
import { hostAddress, parseSubnet } from './address.js'
import { bareAddress, type Device, type Masquerade, type Translation } from './devices.js'
import type { Scenario } from './scenario.js'

/** Where services get their addresses. */
const SERVICES = parseSubnet('172.30.0.0/16')

export function serviceAddresses(scenario: Scenario): Record<string, string> {
  return Object.fromEntries(Object.keys(scenario.services ?? {}).map((name, index) => [name, hostAddress(SERVICES, index + 1)]))
}

/** The address of a host that its containers are published on: that of its first link, else that of its first gateway. */
export function publishedAddress(scenario: Scenario, devices: readonly Device[], host: string): string {
  const own = devices.filter((device) => device.namespace === `host.${host}` && device.address !== undefined)
  const found = own.find((device) => device.name.startsWith('link')) ?? own[0]
  if (found === undefined)
    throw new RangeError(`host ${host} has no address to publish a container on (hosts: ${Object.keys(scenario.hosts).join(', ')})`)
  return bareAddress(found)!
}

/** @param addressOf the first address of a container */
export function translationsOf(
  scenario: Scenario,
  devices: readonly Device[],
  services: Readonly<Record<string, string>>,
  addressOf: (container: string) => string | undefined,
): Translation[] {
  const addressed = (name: string): string => {
    const address = addressOf(name)
    if (address === undefined) throw new RangeError(`${name} has no address to send packets to`)
    return address
  }
  const published = Object.entries(scenario.containers)
    .filter(([, container]) => container.publish !== undefined)
    .map(([name, { host }]): Translation => {
      const address = publishedAddress(scenario, devices, host)
      return { namespace: `host.${host}`, address, backends: [addressed(name)], count: 1 }
    })
  const balanced = Object.entries(scenario.services ?? {}).flatMap(([name, { backends, count }]) =>
    Object.keys(scenario.hosts).map(
      (host): Translation => ({ namespace: `host.${host}`, address: services[name]!, backends: backends.map(addressed), count }),
    ),
  )
  return [...published, ...balanced]
}

/** The prefixes of networks that a masquerading namespace is attached to; links between hosts keep their addresses. */
export function masqueradesOf(scenario: Scenario, devices: readonly Device[], forwarding: readonly string[]): Masquerade[] {
  const networks = Object.values(scenario.networks).map(({ subnet }) => subnet)
  const isMasquerading = (namespace: string): boolean => {
    const [kind, ...rest] = namespace.split('.')
    const name = rest.join('.')
    const policy = kind === 'host' ? scenario.hosts[name]?.policy : scenario.routers?.[name]?.policy
    return policy?.masquerade === true
  }
  return forwarding.filter(isMasquerading).flatMap((namespace) =>
    networks.flatMap((prefix): Masquerade[] => {
      const { base, prefix: length } = parseSubnet(prefix)
      const device = devices.find((one) => {
        if (one.namespace !== namespace || one.address === undefined) return false
        return parseSubnet(`${bareAddress(one)}/${length}`).base === base
      })
      if (device === undefined) return []
      return [{ namespace, prefix, ...(device.kind === 'bridge' && { bridge: device.name }) }]
    }),
  )
}
