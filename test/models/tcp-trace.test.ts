/**
 * The model's TCP against a traced kernel: Linux 6.18.44, messages of 8,193 B and of 64 KiB through microsocks over a bridge, sockperf under proxychains4, Intel Xeon guest. BPF
 * programs at tcp_probe, tcp_sendmsg_locked, sock_recv_length and net_dev_start_xmit wrote the sockets' state down. What the relay's two sockets offer
 * their peers depends on every segment's size, on what was read when, and on the round trips that the receiver takes them for.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
import { runWorld } from '../../models/engine/run.js'
import { world } from '../../models/engine/world.js'
import { readProfile } from '../../models/profiles/read.js'
import { REST_NS } from '../../models/proxies/negotiation.js'
import { inventedProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

const xeon = readProfile(
  JSON.parse(readFileSync(fileURLToPath(new URL('../../models/profiles/xeon.profile.json', import.meta.url)), 'utf8')),
)
const CLIENT = 0
const RELAY_TO_CLIENT = 1
const RELAY_TO_SERVER = 2

function relayed(messages: number, messageBytes = 8193): void {
  const scenario = smallScenario({ driver: 'bridge', relay: true, messageBytes })
  buildWorld(scenario, xeon, { seed: 1, replication: 0, messages, warmUpMessages: 0 })
  runWorld(1e6)
}

/** Bytes, when the client sends its second message, its third, and so on. */
const TRACED_TO_CLIENT = [
  82944, 99328, 109568, 109568, 109568, 109568, 109568, 109568, 125952, 142336, 158720, 175104, 191488, 207872, 224256, 240640, 257024,
  273408, 289792, 306176, 322560, 338944, 355328, 371712, 388096, 404480, 420864, 437248, 453632, 470016, 486400, 502784, 519168, 535552,
  551936, 568320, 584704, 601088, 617472, 633856,
]
const TRACED_TO_SERVER = [
  81920, 98304, 109568, 109568, 109568, 109568, 109568, 109568, 109568, 125952, 142336, 158720, 175104, 191488, 207872, 224256, 240640,
  257024, 273408, 289792, 306176, 322560, 338944, 355328, 371712, 388096, 404480, 420864, 437248, 453632, 470016, 486400, 502784, 519168,
  535552, 551936, 568320, 584704, 601088, 617472,
]

/** The same of 64 KiB, in KiB: what the client and the relay's socket towards it offer when a message is over. */
const TRACED_64_KIB_CLIENT = [73, 254, 435, 616, 797, 978]
const TRACED_64_KIB_TO_CLIENT = [93, 93, 93, 221, 351, 481, 611, 741, 871, 1001]

describe('a relay’s sockets', () => {
  it('offer the windows that a traced kernel’s offered, message by message', () => {
    const offered = TRACED_TO_CLIENT.map((_, i) => {
      relayed(i + 1)
      return [world.socketOfferedBytes[RELAY_TO_CLIENT]!, world.socketOfferedBytes[RELAY_TO_SERVER]!]
    })
    expect(offered.map(([toClient]) => toClient)).toEqual(TRACED_TO_CLIENT)
    expect(offered.map(([, toServer]) => toServer)).toEqual(TRACED_TO_SERVER)
  })

  it('do so with messages of 64 KiB, whose receivers’ buffers grow', () => {
    const offered = TRACED_64_KIB_TO_CLIENT.map((_, i) => {
      relayed(i + 1, 65_536)
      return [world.socketOfferedBytes[CLIENT]! / 1024, world.socketOfferedBytes[RELAY_TO_CLIENT]! / 1024]
    })
    expect(offered.slice(0, TRACED_64_KIB_CLIENT.length).map(([client]) => client)).toEqual(TRACED_64_KIB_CLIENT)
    expect(offered.map(([, toClient]) => toClient)).toEqual(TRACED_64_KIB_TO_CLIENT)
  })
})

describe('a SOCKS5 proxy’s negotiation', () => {
  const negotiated = (choice = {}) => {
    buildWorld(smallScenario({ driver: 'bridge', relay: true, ...choice }), inventedProfile(), {
      seed: 1,
      replication: 0,
      messages: 1,
      warmUpMessages: 0,
    })
    runWorld(1e6)
  }

  it('is over before the first message, which comes after sockperf’s rest and alone is counted', () => {
    negotiated()
    expect(world.countedFromNs).toBe(REST_NS)
    expect(world.flowLatencyNs[0]![0]).toBeLessThan(1e6)
    // Three switches at most between three processes, of which none is the negotiation's.
    expect(world.taskVoluntary.subarray(0, 3).reduce((sum, count) => sum + count)).toBeLessThanOrEqual(4)
  })

  it('begins the measure of the round trip that grows the receive buffer, at both of its ends', () => {
    negotiated()
    expect([world.socketRttStartUs[CLIENT]! < 1e6, world.socketRttStartUs[RELAY_TO_CLIENT]! < 1e6]).toEqual([true, true])
    expect(world.socketRttStartUs[RELAY_TO_SERVER]! >= REST_NS / 1e3).toBe(true)
  })

  it('that takes longer than the rest leaves none: the first message follows it', () => {
    const scenario = smallScenario({
      driver: 'overlay',
      relay: true,
      twoMachines: true,
      link: { kind: 'physical', rateBps: 1e10, delayNs: 6e8 },
    })
    const far = { ...scenario, proxies: { relay: { ...scenario.proxies.relay!, host: 'h2' } } }
    buildWorld(far, inventedProfile(), { seed: 1, replication: 0, messages: 1, warmUpMessages: 0 })
    runWorld(1e6)
    expect(world.flowDone[0]).toBe(1)
    // Four times over the link, of which the rest covers three.
    expect(world.flowSentAtNs[0]).toBeGreaterThan(4 * 6e8)
    expect(world.flowSentAtNs[0]).toBeLessThan(4 * 6e8 + 1e6)
  })

  it('is made with each SOCKS5 proxy of a path, and with no other', () => {
    const scenario = smallScenario({ driver: 'bridge', relay: true })
    const options = { seed: 1, replication: 0, messages: 1, warmUpMessages: 0 }
    const { relay } = scenario.proxies
    const chain = { ...scenario.flows.ping!, via: ['relay', 'second'] }
    buildWorld({ ...scenario, proxies: { relay: relay!, second: relay! }, flows: { ping: chain } }, inventedProfile(), options)
    expect([world.flowRequests[0], world.trafficStartsNs]).toEqual([4, REST_NS])
    runWorld(1e6)
    expect(world.flowDone[0]).toBe(1)
    const haproxy = { ...relay!, kind: 'tcp', program: 'haproxy' } as const
    buildWorld({ ...scenario, proxies: { relay: haproxy } }, inventedProfile(), options)
    expect([world.flowRequests[0], world.trafficStartsNs]).toEqual([0, 0])
  })
})
