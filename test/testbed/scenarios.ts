/** Small scenarios that the testbed's tests build. */
import type { CpuQuota, Driver, Proxy, Scenario, TcpSettings } from '../../models/topology/scenario.js'

export interface Choice {
  readonly driver: Driver
  readonly transport?: 'tcp' | 'udp'
  readonly messageBytes?: number
  readonly relay?: boolean
  readonly bridges?: number
  readonly tcp?: Partial<TcpSettings>
  /** Of the server. */
  readonly quota?: CpuQuota
}

/** A client and a server on core 1, and a relay between them where it is asked for; an overlay spans two hosts. */
export function scenarioOf({
  driver,
  transport = 'tcp',
  messageBytes = 64,
  relay = false,
  bridges = 1,
  tcp = {},
  quota,
}: Choice): Scenario {
  const twoHosts = driver === 'overlay'
  const container = (host: string, bridge: number) =>
    ({ host, core: 1, networks: ['net'], bridge, policy: 'other', noDelay: true }) as const
  return {
    machines: { m1: { cores: 2, idle: 'as-found' } },
    hosts: twoHosts ? { h1: { machine: 'm1' }, h2: { machine: 'm1' } } : { h1: { machine: 'm1' } },
    links: twoHosts ? [{ between: ['h1', 'h2'], kind: 'veth', mtuBytes: 1500 }] : [],
    networks: { net: { driver, subnet: '10.70.0.0/24', mtuBytes: twoHosts ? 1450 : 1500, bridges, ends: 'bridge', vni: 7 } },
    containers: { client: container('h1', 1), server: { ...container(twoHosts ? 'h2' : 'h1', bridges), ...(quota && { quota }) } },
    proxies: relay
      ? {
          relay: {
            ...container('h1', 1),
            kind: 'socks5',
            program: 'microsocks',
            network: 'net',
            bufferBytes: 1024,
            noDelay: false,
          },
        }
      : {},
    tcp: { congestionControl: 'cubic', quickAck: false, offloads: true, rps: false, bridgeNfCallIptables: true, ...tcp },
    flows: {
      ping: {
        from: 'client',
        to: 'server',
        transport,
        via: relay ? ['relay'] : [],
        network: 'net',
        workload: { kind: 'ping-pong', messageBytes },
      },
    },
  }
}

/** Containers that start at once on a bridge. */
export function startsOf(atOnce: number, engine?: 'cni' | 'podman'): Scenario {
  const scenario = scenarioOf({ driver: 'bridge' })
  const { ping } = scenario.flows
  return { ...scenario, ...(engine && { engine }), flows: { start: { ...ping!, workload: { kind: 'start', messageBytes: 64, atOnce } } } }
}

/** One connection after the other; through a relay that asks who the client is, where that is asked for. */
export function connectionsOf(driver: Driver, { relay = false, password = false } = {}): Scenario {
  const scenario = scenarioOf({ driver, relay })
  const { ping } = scenario.flows
  return {
    ...scenario,
    proxies: Object.fromEntries(
      Object.entries(scenario.proxies).map(([name, proxy]) => [name, { ...proxy, ...(password && { authenticates: true as const }) }]),
    ),
    flows: { ask: { ...ping!, workload: { kind: 'connect', messageBytes: 64 } } },
  }
}

/** One request of HTTP after the other; through a relay where one is asked for. */
export function requestsOf(driver: Driver, relay?: Pick<Proxy, 'kind' | 'program'>, messageBytes = 64): Scenario {
  const scenario = scenarioOf({ driver, relay: relay !== undefined })
  const { ping } = scenario.flows
  return {
    ...scenario,
    proxies: Object.fromEntries(
      Object.entries(scenario.proxies).map(([name, proxy]) => [name, { ...proxy, ...relay, bufferBytes: 16_384, noDelay: true }]),
    ),
    flows: { get: { ...ping!, workload: { kind: 'http', messageBytes } } },
  }
}
