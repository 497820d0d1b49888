/**
 * Topologies that forward, drawn from the catalogue: networks of any driver in a row with routers between them, routed containers and overlays
 * over several hops, published ports (from a neighbour too: hairpin), services; with rules, tracking and translation where packets are
 * forwarded. And the host's own network, which translates for nobody but stands here for want of a family of its own.
 */
import type { RandomStream } from '../../../sim/index.js'
import { DEFAULT_MTU_BYTES } from '../../schema/document.js'
import { between, chance, logBetween, pick } from './draws.js'

const MOST_ROUTERS = 3
const MOST_HOPS = 3
const MOST_BRIDGES = 3
const MOST_RULES = 1000
const MOST_BACKENDS = 3

/** What a topology says that differs from two containers on one host, without their policies and the message. */
export interface Composed {
  readonly driver: 'composed'
  readonly mtuBytes: number
  /** Connection tracking somewhere on the way: it reassembles fragments, which nothing models. */
  readonly isTracked: boolean
  readonly scenario: Part
  readonly containers: { readonly client: Part; readonly server: Part; readonly [backend: string]: Part }
  readonly flow: Part
}

type Part = Readonly<Record<string, unknown>>

export function drawComposed(stream: RandomStream): Composed {
  switch (pick(stream, ['row', 'row', 'routed', 'overlay', 'published', 'service', 'hairpin', 'host'] as const)) {
    case 'row':
      return drawRow(stream)
    case 'routed':
      return drawRouted(stream)
    case 'overlay':
      return drawOverlay(stream)
    case 'published':
      return drawPublished(stream)
    case 'service':
      return drawService(stream)
    case 'hairpin':
      return drawHairpin(stream)
    case 'host':
      return { ...plain, isTracked: false, scenario: { networks: { net: { driver: 'host' } } } }
  }
}

const plain = { driver: 'composed', mtuBytes: DEFAULT_MTU_BYTES.bridge, containers: { client: {}, server: {} }, flow: {} } as const

/** Up to four networks with a router between each two; chains of bridges at the ends alone, for a router has one place on all of its chains. */
function drawRow(stream: RandomStream): Composed {
  const routers = between(stream, 1, MOST_ROUTERS)
  const names = Array.from({ length: routers + 1 }, (_, i) => (i === routers ? 'net' : `net${i}`))
  const networks = names.map((_, i) => {
    const driver = pick(stream, ['veth', 'bridge', 'macvlan', 'ebpf-redirect'] as const)
    const bridges = driver === 'bridge' && (i === 0 || i === routers) ? between(stream, 1, MOST_BRIDGES) : 1
    return { driver, ...(bridges > 1 && { bridges }) }
  })
  const policies = Array.from({ length: routers }, () => drawPolicy(stream))
  const netfilter = networks.some(({ driver }) => driver === 'bridge') && chance(stream, 0.3)
  const place = ({ bridges = 1 }: { readonly bridges?: number }): Part => (bridges > 1 ? { bridge: bridges } : {})
  return {
    ...plain,
    isTracked: policies.some(isTracking),
    scenario: {
      networks: Object.fromEntries(names.map((name, i) => [name, networks[i]])),
      routers: Object.fromEntries(policies.map((policy, i) => [`r${i + 1}`, { host: 'h1', networks: names.slice(i, i + 2), ...policy }])),
      ...(netfilter && { tcp: { 'bridge-nf-call-iptables': true } }),
    },
    containers: { client: { networks: [names[0]], ...place(networks[0]!) }, server: place(networks[routers]!) },
  }
}

function drawRouted(stream: RandomStream): Composed {
  const isApart = chance(stream, 0.6)
  const [h1, h2] = [drawPolicy(stream), isApart ? drawPolicy(stream) : {}]
  return {
    ...plain,
    isTracked: isTracking(h1) || isTracking(h2),
    scenario: {
      networks: { net: { driver: 'routed' } },
      hosts: { h1, ...(isApart && { h2: { machine: 'm1', ...h2 } }) },
      ...(isApart && { links: [drawLink(stream, 0)] }),
    },
    containers: { client: {}, server: isApart ? { host: 'h2' } : {} },
  }
}

function drawOverlay(stream: RandomStream): Composed {
  const ends = chance(stream, 0.3) ? 'direct' : 'bridge'
  return {
    ...plain,
    mtuBytes: DEFAULT_MTU_BYTES.overlay,
    isTracked: false,
    scenario: {
      networks: { net: { driver: 'overlay', ends } },
      hosts: { h2: { machine: 'm1' } },
      links: [drawLink(stream, 1)],
      ...(ends === 'bridge' && chance(stream, 0.5) && { tcp: { 'bridge-nf-call-iptables': true } }),
    },
    containers: { client: {}, server: { host: 'h2' } },
  }
}

/** A client behind its host, which may masquerade it, and a server behind the port of another. */
function drawPublished(stream: RandomStream): Composed {
  const [near, far] = [drawBehindHost(stream), drawBehindHost(stream)]
  const [h1, h2] = [drawPolicy(stream), drawPolicy(stream)]
  return {
    ...plain,
    isTracked: true,
    scenario: {
      networks: { net: far, near },
      hosts: { h1, h2: { machine: 'm1', ...h2 } },
      links: [drawLink(stream, 0)],
    },
    containers: { client: { host: 'h2', networks: ['near'] }, server: { publish: 8080 } },
    flow: { published: true },
  }
}

/** A client that calls its neighbour by the port of their host: the host masquerades it, or the answer would not come back the same way. */
function drawHairpin(stream: RandomStream): Composed {
  return {
    ...plain,
    isTracked: true,
    scenario: {
      networks: { net: { driver: 'bridge', gateway: true } },
      hosts: { h1: { ...drawPolicy(stream), masquerade: true } },
    },
    containers: { client: {}, server: { publish: 8080 } },
    flow: { published: true },
  }
}

function drawService(stream: RandomStream): Composed {
  const [near, far] = [drawBehindHost(stream), drawBehindHost(stream)]
  const others = Array.from({ length: between(stream, 1, MOST_BACKENDS) - 1 }, (_, i) => `backend${i + 2}`)
  return {
    ...plain,
    isTracked: true,
    scenario: {
      networks: { net: far, near },
      hosts: { h1: drawPolicy(stream) },
      services: { web: { backends: ['server', ...others], count: logBetween(stream, 1, MOST_RULES) } },
    },
    containers: {
      client: { networks: ['near'] },
      server: {},
      ...Object.fromEntries(others.map((name) => [name, { host: 'h1', core: 1, networks: ['net'] }])),
    },
    flow: { to: 'web' },
  }
}

const drawBehindHost = (stream: RandomStream): Part => (chance(stream, 0.5) ? { driver: 'routed' } : { driver: 'bridge', gateway: true })

function drawLink(stream: RandomStream, least: number): Part {
  const hops = between(stream, least, MOST_HOPS)
  return { between: ['h1', 'h2'], kind: 'veth', ...(hops > 0 && { hops }) }
}

interface Policy extends Part {
  readonly firewall?: 'nftables' | 'iptables'
  readonly rules?: number
  readonly conntrack?: boolean
  readonly masquerade?: boolean
}

function drawPolicy(stream: RandomStream): Policy {
  const firewall = pick(stream, ['nftables', 'iptables'] as const)
  const rules = chance(stream, 0.5) ? logBetween(stream, 1, MOST_RULES) : null
  const conntrack = chance(stream, 0.3)
  const masquerade = chance(stream, 0.25)
  return {
    firewall,
    ...(rules !== null && { rules }),
    ...(conntrack && { conntrack }),
    ...(masquerade && { masquerade }),
  }
}

const isTracking = ({ conntrack, masquerade }: Policy): boolean => conntrack === true || masquerade === true
