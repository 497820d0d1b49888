/** From a checked document to the scenario that the models and the testbed know. */
import { RELAY_PROGRAMS } from '../../models/proxies/programs.js'
import {
  type CpuQuota,
  isUnix,
  type Policy,
  type Proxy,
  type Scenario,
  type SeccompChoice,
  type Workload,
} from '../../models/topology/scenario.js'
import type { ExperimentDocument } from './document.js'
import { mtuOf, networksOfFlow, type Site, serversOf, subnetsOf, volumesOfFlow } from './draft.js'
import type { AppliedDefault } from './read.js'
import { formatDuration } from './units.js'

/** @param document must have been read and checked without a mistake. */
export function toScenario(document: ExperimentDocument, site: Site): Scenario {
  const { tcp } = document
  const subnets = subnetsOf(site.draft)
  return {
    ...(document.engine === undefined || document.engine === 'netns' ? {} : { engine: document.engine }),
    machines: document.machines,
    hosts: mapValues(document.hosts, ({ machine, ...keys }) => ({ machine, ...policyOf(keys) })),
    links: document.links.map(({ between, kind, rate, delay, mtu, hops }) => ({
      between: [between[0]!, between[1]!],
      kind,
      mtuBytes: mtu,
      ...(rate === undefined ? {} : { rateBps: rate }),
      ...(delay === undefined ? {} : { delayNs: delay }),
      ...(hops === undefined || hops === 0 ? {} : { hops }),
    })),
    networks: mapValues(document.networks, ({ driver, bridges, ends, vni, gateway }, name) => ({
      driver,
      subnet: subnets.get(name)!,
      mtuBytes: mtuOf(site.draft, name)!,
      bridges,
      ends,
      vni,
      ...(gateway === true && { gateway }),
    })),
    ...whereAny(
      'routers',
      mapValues(document.routers, ({ host, networks, bridge, ...keys }) => ({ host, networks, bridge, ...policyOf(keys) })),
    ),
    ...whereAny('volumes', document.volumes),
    containers: mapValues(
      document.containers,
      ({ host, core, networks, volumes = [], bridge, policy, 'no-delay': noDelay = tcp['no-delay'], publish, ...keys }) => ({
        host,
        core,
        networks,
        ...(volumes.length > 0 && { volumes }),
        bridge,
        policy,
        noDelay,
        ...(publish === undefined ? {} : { publish }),
        ...seccompOf(keys),
        ...quotaOf(keys),
      }),
    ),
    ...whereAny('services', document.services),
    proxies: mapValues(document.proxies, (proxy) => {
      const { kind, host, core, network, bridge, policy, beside } = proxy
      const program = programOf(proxy)
      const { bufferBytes, noDelay } = RELAY_PROGRAMS[program]
      return {
        kind,
        program,
        host,
        core,
        network,
        bridge,
        policy,
        bufferBytes: proxy.buffer ?? bufferBytes,
        noDelay: proxy['no-delay'] ?? noDelay,
        ...(proxy.authentication === 'password' && { authenticates: true as const }),
        ...(beside === undefined ? {} : { beside }),
        ...seccompOf(proxy),
        ...quotaOf(proxy),
      }
    }),
    tcp: {
      congestionControl: tcp['congestion-control'],
      quickAck: tcp['quick-ack'],
      offloads: tcp.offloads,
      rps: tcp.rps,
      bridgeNfCallIptables: tcp['bridge-nf-call-iptables'],
    },
    flows: mapValues(document.flows, ({ from, to, published, transport, via, network, volume, workload }, name) => ({
      from,
      to: serversOf(site.draft, site.draft.flows![name]!)[0]!,
      ...(Object.hasOwn(document.services, to) && { service: to }),
      ...(published === true && { published }),
      transport,
      via,
      ...(isUnix(transport)
        ? { network: '', volume: volume ?? volumesOfFlow(site.draft, site.draft.flows![name]!)[0]! }
        : { network: network ?? networksOfFlow(site, site.draft.flows![name]!)[0]! }),
      workload: toWorkload(workload),
    })),
  }
}

function toWorkload(workload: ExperimentDocument['flows'][string]['workload']): Workload {
  const { kind, rate, arrivals, write, read } = workload
  const message = workload.message!
  if (kind === 'ping-pong' || kind === 'connect' || kind === 'http') return { kind, messageBytes: message }
  if (kind === 'start') return { kind, messageBytes: message, atOnce: workload['at-once'] ?? 1 }
  if (kind === 'stream') {
    const { 'send-buffer': sendBufferBytes, 'receive-buffer': receiveBufferBytes } = workload
    return {
      kind,
      messageBytes: write!,
      readBytes: read ?? write!,
      ...(sendBufferBytes !== undefined && { sendBufferBytes }),
      ...(receiveBufferBytes !== undefined && { receiveBufferBytes }),
    }
  }
  return { kind, messageBytes: message, ratePerSecond: rate!, arrivals: arrivals ?? 'poisson' }
}

function seccompOf(keys: Pick<ExperimentDocument['proxies'][string], 'seccomp' | 'seccomp-rules'>): SeccompChoice {
  if (keys.seccomp === 'none') return { seccompRules: 0 }
  return keys.seccomp === 'rules' ? { seccompRules: keys['seccomp-rules']! } : {}
}

/** The kernel's own period (default_cfs_period(), kernel/sched/sched.h). */
const DEFAULT_PERIOD_NS = 100e6

function quotaOf(keys: Pick<ExperimentDocument['proxies'][string], 'cpu-quota' | 'cpu-period'>): { readonly quota?: CpuQuota } {
  const { 'cpu-quota': quotaNs, 'cpu-period': periodNs = DEFAULT_PERIOD_NS } = keys
  return quotaNs === undefined ? {} : { quota: { quotaNs, periodNs } }
}

/** The program of a proxy; by default the usual one of its kind. */
function programOf({ kind, program }: Pick<ExperimentDocument['proxies'][string], 'kind' | 'program'>): Proxy['program'] {
  return program ?? { socks5: 'microsocks' as const, tcp: 'haproxy' as const, http: 'nginx' as const }[kind]
}

/** What the keys of a host or a router say that it does with packets; nothing where they say nothing. */
function policyOf({ firewall, rules, conntrack, masquerade }: PolicyKeys): { readonly policy?: Policy } {
  if (firewall === undefined && rules === undefined && conntrack !== true && masquerade !== true) return {}
  return {
    policy: {
      firewall: firewall ?? 'nftables',
      ...(rules === undefined ? {} : { rules }),
      conntrack: conntrack === true,
      masquerade: masquerade === true,
    },
  }
}

type PolicyKeys = Pick<ExperimentDocument['hosts'][string], 'firewall' | 'rules' | 'conntrack' | 'masquerade'>

/** A section of a scenario that has anything in it: an experiment without it stays what it was. */
function whereAny<K extends string, T extends object>(key: K, section: T): { readonly [P in K]?: T } {
  return Object.keys(section).length === 0 ? {} : ({ [key]: section } as { readonly [P in K]?: T })
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T, name: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]))
}

/** The defaults in force that depend on other keys. */
export function conditionalDefaults(document: ExperimentDocument, scenario: Scenario): AppliedDefault[] {
  const applied: AppliedDefault[] = []
  const add = (path: string, value: string | number | boolean, meaning: string): void => {
    applied.push({ path, value: String(value), meaning })
  }
  for (const [name, { subnet, mtuBytes, driver }] of Object.entries(scenario.networks)) {
    const written = document.networks[name]
    const hasAddresses = driver !== 'shared' && driver !== 'host' && driver !== 'none'
    if (written?.subnet === undefined && hasAddresses) add(`networks.${name}.subnet`, subnet, 'IPv4 prefix of its addresses.')
    if (written?.mtu === undefined && document.tcp.mtu === undefined)
      add(`networks.${name}.mtu`, mtuBytes, 'Largest IP packet of its devices, bytes.')
  }
  for (const [name, { noDelay }] of Object.entries(scenario.containers)) {
    if (document.containers[name]?.['no-delay'] === undefined) add(`containers.${name}.no-delay`, noDelay, 'TCP_NODELAY on its sockets.')
  }
  for (const [name, { program, bufferBytes, noDelay }] of Object.entries(scenario.proxies)) {
    const written = document.proxies[name]
    if (written?.program === undefined) add(`proxies.${name}.program`, program, 'The program that relays.')
    if (written?.buffer === undefined) add(`proxies.${name}.buffer`, `${bufferBytes} B`, 'What one read of the relay takes.')
    if (written?.['no-delay'] === undefined) add(`proxies.${name}.no-delay`, noDelay, "TCP_NODELAY on the relay's two sockets.")
  }
  for (const section of ['containers', 'proxies'] as const)
    for (const [name, { quota }] of Object.entries(scenario[section])) {
      if (quota === undefined || document[section][name]?.['cpu-period'] !== undefined) continue
      add(`${section}.${name}.cpu-period`, formatDuration(quota.periodNs), 'The period of its `cpu-quota`.')
    }
  for (const [name, { network, volume }] of Object.entries(scenario.flows)) {
    if (volume !== undefined) {
      if (document.flows[name]?.volume === undefined) add(`flows.${name}.volume`, volume, 'The volume that holds its Unix-domain socket.')
    } else if (document.flows[name]?.network === undefined) add(`flows.${name}.network`, network, 'The network that it uses.')
  }
  return applied
}

/** Keys of a network that mean something for some drivers only: elsewhere their defaults are not in force. */
const DRIVERS_WITH: Readonly<Record<string, readonly string[]>> = { bridges: ['bridge'], ends: ['overlay'], vni: ['overlay'] }

export function isInForce({ path }: AppliedDefault, scenario: Scenario): boolean {
  const [section, name = '', key = ''] = path.split('.')
  const driver = (network: string): string => scenario.networks[network]?.driver ?? ''
  if (section === 'networks') return DRIVERS_WITH[key]?.includes(driver(name)) ?? true
  if (key !== 'bridge') return true
  const networks = section === 'proxies' ? [scenario.proxies[name]?.network ?? ''] : (scenario.containers[name]?.networks ?? [])
  return networks.some((network) => (scenario.networks[network]?.bridges ?? 1) > 1)
}
