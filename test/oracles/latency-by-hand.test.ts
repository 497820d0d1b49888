/**
 * The latency of a message added up by hand. Under SCHED_BATCH nobody preempts: the sender goes to sleep, then the receiver runs; what a
 * message pays is then a plain sum. Without noise and interruptions every message must take exactly that.
 */
import { describe, expect, it } from 'vitest'
import { simulateReplication } from '../../models/simulate.js'
import { explainScenario } from '../../models/topology/explain.js'
import { inventedProfile, inventedValue } from '../models/fixture-profile.js'
import { type Choice, smallScenario } from '../models/small-scenario.js'

const BYTES = 64
/** Paid in halves, before a sleep and after it, and a core's clock shows whole nanoseconds: an even number. */
const RELAY_NS = 500
/** Whether a sleeper has left the run queue yet depends on the scheduler's clock: here it costs the same, so that a sum is enough. */
const profile = inventedProfile({}, { 'socket.wakeup.perEnqueueNs': 0, 'proxy.relay.perCallNs': RELAY_NS })
const ns = inventedValue
const wake = ns('socket.wakeup.perWakeupNs')

function simulated(choice: Choice): number[] {
  const scenario = smallScenario({ ...choice, policy: 'batch', messageBytes: BYTES })
  return [...simulateReplication(scenario, profile, { seed: 1, replication: 0, messages: 50, warmUpMessages: 10 }).flows[0]!.latencyNs]
}

const send = ns('socket.send.perCallNs') + BYTES * ns('socket.send.perByteNs')
const copyOut = BYTES * ns('socket.receive.perByteNs')
const receiveCall = ns('socket.receive.perCallNs')
const sleepAndSwitch = ns('context.switch.perSleepNs') + ns('context.switch.perSwitchNs')
const vethInside = ns('veth.transmit.perPacketNs') + BYTES * ns('veth.transmit.perByteNs')
/** A pair between two namespaces, as all are but those between the bridges of a chain. */
const veth = vethInside + ns('veth.transmit.perNamespaceNs')
const tcpReceiveCall = ns('tcp.receive.perCallNs')
const tcpPacket = ns('tcp.transmit.perPacketNs') + BYTES * ns('tcp.transmit.perByteNs') + ns('tcp.receive.perPacketNs')
/** A packet, and the recv call that takes it. */
const tcp = tcpPacket + tcpReceiveCall
const udp = ns('udp.transmit.perPacketNs') + ns('udp.receive.perPacketNs')
const lookup = ns('udp.receive.perLookupNs')

const paths: Record<string, [Choice, number]> = {
  'loopback, TCP': [{ driver: 'shared' }, tcp + ns('loopback.transmit.perPacketNs')],
  'loopback, UDP': [{ driver: 'shared', transport: 'udp' }, udp + ns('loopback.transmit.perPacketNs')],
  'a veth pair, TCP': [{ driver: 'veth' }, tcp + veth],
  'a bridge with netfilter hooks, TCP': [
    { driver: 'bridge' },
    tcp + 2 * veth + ns('bridge.forward.perPacketNs') + ns('netfilter.hook.perPacketNs'),
  ],
  'a chain of two bridges, UDP': [
    { driver: 'bridge', bridges: 2, transport: 'udp', tcp: { bridgeNfCallIptables: false } },
    udp + lookup + 2 * veth + vethInside + 2 * ns('bridge.forward.perPacketNs'),
  ],
  'an overlay without bridges, UDP': [
    { driver: 'overlay', ends: 'direct', transport: 'udp' },
    udp +
      lookup +
      veth +
      ns('vxlan.encapsulate.perPacketNs') +
      BYTES * ns('vxlan.encapsulate.perByteNs') +
      ns('vxlan.decapsulate.perPacketNs') +
      ns('vxlan.decapsulate.perGroNs'),
  ],
}

describe('the latency of a message', () => {
  it.each(Object.entries(paths))('over %s is the sum of its charges', (_, [choice, packet]) => {
    // One way: send, the packet, waking the receiver, the sender's recv that finds nothing and sleeps, the switch, and the copy out.
    const oneWay = send + packet + wake + receiveCall + sleepAndSwitch + copyOut
    const roundTrip = 2 * oneWay + ns('instrument.server.perMessageNs')
    for (const latency of simulated(choice)) expect(latency).toBe(roundTrip / 2)
  })

  it.each(Object.entries(paths))('over %s is what explain says of both directions together', (_, [choice]) => {
    const scenario = smallScenario({ ...choice, policy: 'batch', messageBytes: BYTES })
    const explainedNs = explainScenario(scenario, profile)
      .flatMap(({ stages }) => stages)
      .reduce((sum, stage) => sum + stage.costNs, 0)
    for (const latency of simulated(choice)) expect(latency).toBe(explainedNs / 2)
  })

  it('over a bridge between two cores that never idle waits for the waker and the interrupt', () => {
    const scenario = smallScenario({
      driver: 'bridge',
      policy: 'batch',
      messageBytes: BYTES,
      tcp: { bridgeNfCallIptables: false },
      idle: 'never',
    })
    const apart = { ...scenario, containers: { ...scenario.containers, server: { ...scenario.containers['server']!, core: 0 } } }
    const { latencyNs } = simulateReplication(apart, profile, { seed: 1, replication: 0, messages: 50, warmUpMessages: 10 }).flows[0]!
    // The receiver called recv and fell asleep long before, and nobody else had its core: neither that nor a switch is the message's time.
    const remote = ns('socket.wakeup.perRemoteWakeupNs') + ns('interrupt.deliver.perWakeupNs')
    const oneWay = send + tcpPacket + 2 * veth + ns('bridge.forward.perPacketNs') + remote + copyOut
    const roundTrip = 2 * oneWay + ns('instrument.server.perMessageNs')
    for (const latency of latencyNs) expect(latency).toBe(roundTrip / 2)
  })

  it('through a relay in a shared namespace is the sum of both legs and the relay’s calls', () => {
    const packet = tcp + ns('loopback.transmit.perPacketNs')
    const hop = send + packet + wake
    const poll = RELAY_NS
    // Client to relay: the client sleeps in recv, the relay's poll returns, it reads and sends, polls again and sleeps; the server goes on.
    const oneWay = hop + receiveCall + sleepAndSwitch + receiveCall + copyOut + hop + poll + sleepAndSwitch + copyOut
    const roundTrip = 2 * oneWay + ns('instrument.server.perMessageNs')
    for (const latency of simulated({ driver: 'shared', relay: true })) expect(latency).toBe(roundTrip / 2)
  })
})
