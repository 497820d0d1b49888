/**
 * Topologies through relays of any program: one or two in a row, each in a namespace of its own or beside an end (a sidecar), over loopback, a
 * chain of bridges, an overlay or macvlan; their buffers and TCP_NODELAY where the program has an option for it.
 */

import { RELAY_PROGRAMS } from '../../../models/proxies/programs.js'
import type { RandomStream } from '../../../sim/index.js'
import { between, chance, pick } from './draws.js'

export type RelayProgramName = keyof typeof RELAY_PROGRAMS

const MOST_BRIDGES = 3
/** Programs whose buffer an option sets, and the sizes that are drawn for it beside their own, bytes. */
const WITH_BUFFER: readonly RelayProgramName[] = ['haproxy', 'nginx', 'socat']
const BUFFERS_BYTES = [4096, 32_768] as const

type Part = Readonly<Record<string, unknown>>

export interface Relayed {
  readonly scenario: Part
  readonly containers: { readonly client: Part; readonly server: Part }
  /** In the order of the request, without their cores and their network. */
  readonly proxies: Readonly<Record<string, Part>>
  /** The longest message that none of them holds back for a timer: all of it is one read of each that lacks TCP_NODELAY somewhere; bytes. */
  readonly atOnceBytes: number
}

export function drawRelayed(stream: RandomStream, programs: readonly RelayProgramName[], drawPolicy: () => string): Relayed {
  const { scenario, server, hosts, bridges } = drawNetwork(stream)
  const relays = Array.from({ length: chance(stream, 0.35) ? 2 : 1 }, (_, i) => {
    const program = pick(stream, programs)
    const { kind } = RELAY_PROGRAMS[program]
    const beside = kind === 'tcp' && chance(stream, 0.3) ? (i === 0 ? 'client' : 'server') : null
    const bufferBytes = WITH_BUFFER.includes(program) && chance(stream, 0.3) ? pick(stream, BUFFERS_BYTES) : null
    const noDelay = program === 'socat' && chance(stream, 0.4)
    const place =
      beside === null
        ? { host: pick(stream, hosts), ...(bridges > 1 && { bridge: between(stream, 1, bridges) }) }
        : { beside, ...(beside === 'server' ? { host: hosts.at(-1) } : { host: 'h1' }) }
    const isPrompt = noDelay || RELAY_PROGRAMS[program].noDelay === true
    return {
      atOnceBytes: isPrompt ? Number.POSITIVE_INFINITY : (bufferBytes ?? RELAY_PROGRAMS[program].bufferBytes),
      proxy: {
        ...{ kind, program, ...place, policy: drawPolicy() },
        ...(bufferBytes !== null && { buffer: `${bufferBytes} B` }),
        ...(noDelay && { 'no-delay': true }),
      },
    }
  })
  return {
    scenario,
    containers: { client: {}, server },
    proxies: Object.fromEntries(relays.map(({ proxy }, i) => [`relay${i + 1}`, proxy])),
    atOnceBytes: Math.min(...relays.map(({ atOnceBytes }) => atOnceBytes)),
  }
}

/** Client on h1 and the first bridge; the server on the last of `hosts` and of `bridges`. */
function drawNetwork(stream: RandomStream): {
  readonly scenario: Part
  readonly server: Part
  readonly hosts: readonly string[]
  readonly bridges: number
} {
  const driver = pick(stream, ['shared', 'bridge', 'bridge', 'overlay', 'macvlan'] as const)
  const bridges = driver === 'bridge' ? between(stream, 1, MOST_BRIDGES) : 1
  const hasFilter = (driver === 'bridge' || driver === 'overlay') && chance(stream, 0.4)
  const isOverlay = driver === 'overlay'
  return {
    scenario: {
      networks: { net: { driver, ...(bridges > 1 && { bridges }) } },
      ...(isOverlay && { hosts: { h2: { machine: 'm1' } }, links: [{ between: ['h1', 'h2'], kind: 'veth' }] }),
      ...(hasFilter && { tcp: { 'bridge-nf-call-iptables': true } }),
    },
    server: { ...(bridges > 1 && { bridge: bridges }), ...(isOverlay && { host: 'h2' }) },
    hosts: isOverlay ? ['h1', 'h2'] : ['h1'],
    bridges,
  }
}
