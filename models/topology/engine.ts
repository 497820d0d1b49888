/**
 * What an engine adds to the topology that it builds: addresses and rules that Fairway's own commands would leave out, read from a kernel
 * on which each had built one (reference CNI plugins 1.1.1; Podman 4.3.1 with netavark 1.4.0 and runc 1.1.5, Debian 12).
 */
import type { ForwardRule, Masquerade } from './devices.js'
import type { End } from './ends.js'
import type { Driver, Engine, Network, Scenario } from './scenario.js'

/** The drivers that an engine has a plugin, or a network mode, for. */
export const DRIVERS_OF: Readonly<Record<Exclude<Engine, 'netns'>, readonly Driver[]>> = {
  cni: ['bridge', 'routed', 'macvlan', 'shared', 'host', 'none'],
  podman: ['bridge', 'shared', 'host', 'none'],
}

/** Whether the host has the network's first address on its bridge: engines always give it one. */
export function hasGateway(scenario: Scenario, network: Network): boolean {
  return network.gateway === true || scenario.engine !== undefined
}

/** A bridge's name; an engine's must do without dots, which the names of its settings (`net.ipv4.conf.NAME.route_localnet`) have between them. */
export function bridgeName(scenario: Scenario, network: string, index: number): string {
  return scenario.engine === undefined ? `br.${network}.${index}` : `br${Object.keys(scenario.networks).indexOf(network)}`
}

/** Networks whose packets an engine's host forwards, with the hosts that have containers on them. */
function forwardedNetworks(scenario: Scenario, ends: readonly End[]): { readonly prefix: string; readonly host: string }[] {
  return Object.entries(scenario.networks).flatMap(([name, { driver, subnet }]) => {
    if (driver !== 'bridge' && driver !== 'routed') return []
    const hosts = new Set(ends.filter((end) => end.networks.includes(name)).map((end) => end.host))
    return [...hosts].map((host) => ({ prefix: subnet, host }))
  })
}

/** `-s PREFIX ! -d PREFIX -j MASQUERADE`, as both engines write it in chains of their own. */
export function engineMasquerades(scenario: Scenario, ends: readonly End[]): Masquerade[] {
  if (scenario.engine === undefined) return []
  return forwardedNetworks(scenario, ends).map(({ prefix, host }) => ({ namespace: `host.${host}`, prefix, exceptTo: prefix }))
}

/**
 * netavark's forward chain: a rule that leads to it (with a comment, which is an extension), and two for each network, for what comes to it
 * (of a known connection, which an extension tells) and from it.
 * The bridge and ptp plugins write none: that would be the firewall plugin.
 */
export function engineForwardRules(scenario: Scenario, ends: readonly End[]): Record<string, readonly ForwardRule[]> {
  if (scenario.engine !== 'podman') return {}
  const rules: Record<string, ForwardRule[]> = {}
  for (const { prefix, host } of forwardedNetworks(scenario, ends)) {
    rules[`host.${host}`] ??= [{ matches: 1 }]
    rules[`host.${host}`]!.push({ to: prefix, matches: 1 }, { from: prefix })
  }
  return rules
}

/** Podman runs its containers' processes under its seccomp profile and in control groups of their own; plugins run none. */
export function isConfined(scenario: Scenario): boolean {
  return scenario.engine === 'podman'
}
