/** A client and a server on one core, and a relay between them where it is asked for; an overlay or a link spans two hosts. */
import type { Driver, Link, Scenario, SchedulingPolicy, TcpSettings } from '../../models/topology/scenario.js'

export interface Choice {
  readonly driver: Driver
  readonly transport?: 'tcp' | 'udp'
  readonly messageBytes?: number
  readonly relay?: boolean
  readonly relayBufferBytes?: number
  readonly relayNoDelay?: boolean
  readonly noDelay?: boolean
  readonly bridges?: number
  readonly ends?: 'bridge' | 'direct'
  readonly mtuBytes?: number
  readonly policy?: SchedulingPolicy
  readonly serverCore?: number
  readonly idle?: 'as-found' | 'never'
  readonly tcp?: Partial<TcpSettings>
  /** The cable between the two hosts. */
  readonly link?: Partial<Link>
  /** Puts the server on a second host, where the driver can do that. */
  readonly twoHosts?: boolean
  /** Puts the second host on a machine of its own. */
  readonly twoMachines?: boolean
}

export function smallScenario(choice: Choice): Scenario {
  const { driver, relay = false, bridges = 1, policy = 'other', serverCore = 1, idle = 'as-found' } = choice
  const twoHosts = choice.twoHosts ?? driver === 'overlay'
  const end = (host: string, bridge: number, core: number) =>
    ({ host, core, networks: ['net'], bridge, policy, noDelay: choice.noDelay ?? true }) as const
  const machine = { cores: 2, idle }
  return {
    machines: choice.twoMachines ? { m1: machine, m2: machine } : { m1: machine },
    hosts: twoHosts ? { h1: { machine: 'm1' }, h2: { machine: choice.twoMachines ? 'm2' : 'm1' } } : { h1: { machine: 'm1' } },
    links: twoHosts ? [{ between: ['h1', 'h2'], kind: 'veth', mtuBytes: 1500, ...choice.link }] : [],
    networks: {
      net: {
        driver,
        subnet: '10.70.0.0/24',
        mtuBytes: choice.mtuBytes ?? (driver === 'overlay' ? 1450 : 1500),
        bridges,
        ends: choice.ends ?? 'bridge',
        vni: 7,
      },
    },
    containers: { client: end('h1', 1, 1), server: end(twoHosts ? 'h2' : 'h1', bridges, serverCore) },
    proxies: relay
      ? {
          relay: {
            ...end('h1', 1, 1),
            kind: 'socks5',
            program: 'microsocks',
            network: 'net',
            bufferBytes: choice.relayBufferBytes ?? 1024,
            noDelay: choice.relayNoDelay ?? false,
          },
        }
      : {},
    tcp: { congestionControl: 'cubic', quickAck: false, offloads: true, rps: false, bridgeNfCallIptables: true, ...choice.tcp },
    flows: {
      ping: {
        from: 'client',
        to: 'server',
        transport: choice.transport ?? 'tcp',
        via: relay ? ['relay'] : [],
        network: 'net',
        workload: { kind: 'ping-pong', messageBytes: choice.messageBytes ?? 64 },
      },
    },
  }
}
