/** Scenarios of every kind, for laws. */
import fc from 'fast-check'
import type { Scenario } from '../../models/topology/scenario.js'
import { smallScenario } from './small-scenario.js'

const bytes = fc.oneof(
  fc.integer({ min: 1, max: 4000 }),
  fc.integer({ min: 1, max: 65507 }),
  fc.constantFrom(1024, 1398, 1448, 1449, 16384),
)

const network = fc.oneof(
  fc.record({ driver: fc.constantFrom('shared' as const, 'host' as const) }),
  fc.record({ driver: fc.constant('veth' as const), mtuBytes: fc.constantFrom(1500, 1499, 9000) }),
  fc.record({ driver: fc.constant('bridge' as const), bridges: fc.integer({ min: 1, max: 4 }), mtuBytes: fc.constantFrom(1500, 9000) }),
  fc.record({ driver: fc.constant('overlay' as const), ends: fc.constantFrom('bridge' as const, 'direct' as const) }),
  fc.record({
    driver: fc.constant('host' as const),
    twoHosts: fc.constant(true),
    twoMachines: fc.boolean(),
    link: fc.record({
      kind: fc.constant('physical' as const),
      rateBps: fc.constantFrom(1e8, 1e10),
      delayNs: fc.integer({ min: 0, max: 100_000 }),
    }),
  }),
)

const ends = fc.record({
  messageBytes: bytes,
  transport: fc.constantFrom('tcp' as const, 'udp' as const),
  policy: fc.constantFrom('other' as const, 'batch' as const),
  serverCore: fc.constantFrom(0, 1),
  idle: fc.constantFrom('as-found' as const, 'never' as const),
  noDelay: fc.boolean(),
  relay: fc.boolean(),
  relayBufferBytes: fc.constantFrom(512, 1024, 4096),
  relayNoDelay: fc.boolean(),
  tcp: fc.record({ quickAck: fc.boolean(), offloads: fc.boolean(), bridgeNfCallIptables: fc.boolean() }),
})

/** A relay speaks TCP, and a veth pair or a container without a bridge has no room for it. */
export const anyScenario: fc.Arbitrary<Scenario> = fc.tuple(network, ends).map(([net, rest]) =>
  smallScenario({
    ...rest,
    ...net,
    relay: rest.relay && rest.transport === 'tcp' && net.driver !== 'veth' && !('ends' in net && net.ends === 'direct'),
  }),
)
