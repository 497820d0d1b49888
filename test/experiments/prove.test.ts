/** What the proof of path makes of a trace, without a kernel: lines as Linux 6.18 prints them. */
import { describe, expect, test } from 'vitest'
import { firstPacketOf } from '../../experiments/testbed/prove/first-packet.js'
import { countersIn, forwardedIn } from '../../experiments/testbed/prove/hooks.js'
import { stepsOf } from '../../experiments/testbed/prove/steps.js'
import { connectionsIn, forwardRulesIn } from '../../experiments/testbed/prove/tallies.js'
import { parseTrace } from '../../experiments/testbed/prove/trace-event.js'
import { expectedPath } from '../../experiments/testbed/prove/verdicts.js'
import { messagesIn, walkMessage } from '../../experiments/testbed/prove/walk.js'
import { explainScenario } from '../../models/topology/explain.js'
import { layOut } from '../../models/topology/layout.js'
import { hundred } from '../cli/sample-profile.js'
import { scenarioOf } from '../testbed/scenarios.js'

const CLIENT = 100
const SERVER = 200

/** One way of a message over a pair of veth devices: sent by one thread, received by the other. */
function way(sender: number, receiver: number, packet: string, change: (line: string) => string = (line) => line): string[] {
  const line = (task: number, flags: string, text: string): string => `        sockperf-${task}     [001] ${flags} 11095.901547: ${text}`
  const probe = `tcp_probe: family=AF_INET src=10.70.0.3:1 dest=10.70.0.2:2 mark=0x0 data_len=64 snd_nxt=0x1 skbaddr=${packet} skaddr=00000000a`
  return [
    line(sender, '.....', 'sys_sendto(fd: 4, buff: 0x1, len: 0x40, flags: 0x4000, addr: 0x1, addr_len: 0x10)'),
    line(sender, 'b....', `net_dev_queue: dev=eth0 skbaddr=${packet} len=130`),
    line(sender, 'b....', `net_dev_start_xmit: dev=eth0 queue_mapping=0 skbaddr=${packet} vlan_tagged=0 len=130`),
    line(sender, '..s1.', `netif_receive_skb: dev=eth0 skbaddr=${packet} len=116`),
    line(sender, '..s2.', probe),
    line(sender, '..s2.', 'sk_data_ready: family=2 protocol=6 func=sock_def_readable'),
    line(sender, 'd.s5.', `sched_waking: comm=sockperf pid=${receiver} prio=120 target_cpu=001`),
    line(sender, '.....', 'sys_sendto -> 0x40'),
    line(sender, '.....', 'sys_recvfrom(fd: 4, ubuf: 0x1, size: 0x40, flags: 0x4000, addr: 0x1, addr_len: 0x1)'),
    line(
      sender,
      'd..2.',
      `sched_switch: prev_comm=sockperf prev_pid=${sender} prev_prio=120 prev_state=S ==> next_comm=sockperf next_pid=${receiver} next_prio=120`,
    ),
    line(receiver, '.....', 'sys_recvfrom -> 0x40'),
  ].map(change)
}

const scenario = scenarioOf({ driver: 'veth' })
const layout = layOut(scenario)
const flow = scenario.flows['ping']!
const steps = stepsOf(flow, explainScenario(scenario, hundred()))
const expected = expectedPath(layout, steps, { client: new Set([CLIENT]), server: new Set([SERVER]) })

/** A whole message, and the beginning of the next, with which it ends. */
function walked(change?: (line: string) => string) {
  const message = [...way(CLIENT, SERVER, '00000000aaaa', change), ...way(SERVER, CLIENT, '00000000bbbb')]
  const events = parseTrace([...message, ...way(CLIENT, SERVER, '00000000aaaa')].join('\n'))
  const [first] = messagesIn(events, new Set([CLIENT]))
  return walkMessage(events, expected, first!.start, first!.end)
}

describe('a message held against its stages', () => {
  test('shows every stage of a pair of veth devices, there and back', () => {
    const { seen, faults } = walked()
    expect(faults).toEqual([])
    expect(steps.filter((step) => !seen.has(step)).map(({ stage }) => stage.name)).toEqual([])
  })

  const faulty: readonly [what: string, change: (line: string) => string, stage: string, text: string][] = [
    [
      'on another device',
      (line) => line.replace('start_xmit: dev=eth0', 'start_xmit: dev=eth9'),
      'veth.transmit',
      'the path says eth0>eth0; the packet crossed eth9>eth0',
    ],
    [
      'on another core',
      (line) => (line.includes('sys_sendto(') ? line.replace('[001]', '[000]') : line),
      'socket.send',
      'sys_enter_sendto on core 0, not on core 1',
    ],
    [
      'in another context',
      (line) => (line.includes('netif_receive_skb') ? line.replace('..s1.', '.....') : line),
      'veth.transmit',
      "netif_receive_skb eth0 in a process's own context, not in softirq",
    ],
  ]
  test.each(faulty)('%s is a fault of the stage there', (_, change, stage, text) => {
    const { faults } = walked(change)
    expect(faults.map((fault) => [fault.step.direction, fault.step.stage.name, fault.text])).toEqual([['there', stage, text]])
  })

  test('that finds its receiver awake goes without a wake-up, and nothing speaks against it', () => {
    const { seen, faults } = walked((line) => (line.includes('sched_waking') ? '' : line))
    expect(faults).toEqual([])
    expect(steps.filter((step) => !seen.has(step)).map(({ stage, direction }) => `${direction} ${stage.name}`)).toEqual([
      'there socket.wakeup',
    ])
  })
})

test('a tracked connection has two tuples: what came first, and what answers look like', () => {
  const line =
    'ipv4     2 tcp      6 431999 ESTABLISHED src=10.70.0.2 dst=172.30.0.1 sport=4711 dport=80 src=10.71.0.2 dst=10.70.0.2 sport=80 dport=4711 [ASSURED] mark=0 use=1'
  expect(connectionsIn(`${line}\n`)).toEqual([
    {
      original: { source: '10.70.0.2', target: '172.30.0.1', sourcePort: 4711, targetPort: 80 },
      reply: { source: '10.71.0.2', target: '10.70.0.2', sourcePort: 80, targetPort: 4711 },
      assured: true,
    },
  ])
})

test('the rule that lets packets pass is found with how many stand before it', () => {
  const rule = (...expr: object[]) => ({ rule: { table: 'fairway', chain: 'forward', expr } })
  const listed = [
    { chain: { table: 'fairway', name: 'forward', hook: 'forward' } },
    rule({ drop: null }),
    rule({ drop: null }),
    rule({ counter: { packets: 7 } }, { accept: null }),
  ]
  expect(forwardRulesIn(JSON.stringify({ nftables: listed }))).toEqual([{ chain: 'fairway forward', packets: 7, before: 2 }])
})

test('hooks are counted by chain, and the trace names the devices of what is forwarded', () => {
  const nftables = [
    { rule: { chain: 'forward', expr: [{ counter: { packets: 5 } }] } },
    { rule: { chain: 'prerouting', expr: [{ limit: {} }] } },
  ]
  expect(countersIn(JSON.stringify({ nftables }))).toEqual({ prerouting: 0, forward: 5, postrouting: 0, input: 0, output: 0 })
  const traced = 'trace id 1c2d ip fairway_witness forward packet: iif "link0.h2" oif "br.far.1" ether saddr 02:fa:00:00:00:01 ip ttl 63\n'
  expect(forwardedIn(traced)).toEqual(['link0.h2 > br.far.1'])
})

describe('a connection’s first packet', () => {
  const OTHER = 300
  const line = (task: number, flags: string, text: string): string => `        sockperf-${task}     [001] ${flags} 11095.901547: ${text}`
  const crossing = (packet: string, device: string): string[] => [
    line(CLIENT, 'b....', `net_dev_queue: dev=${device} skbaddr=${packet} len=74`),
    line(CLIENT, 'b....', `net_dev_start_xmit: dev=${device} queue_mapping=0 skbaddr=${packet} vlan_tagged=0 len=74`),
    line(CLIENT, '..s1.', `netif_receive_skb: dev=${device} skbaddr=${packet} len=60`),
  ]
  const lostCore = line(OTHER, 'd..2.', `sched_switch: prev_comm=x prev_pid=${OTHER} prev_prio=120 prev_state=R ==> next_comm=sockperf`)
  const call = (...inside: readonly string[]): string[] => [
    line(CLIENT, '.....', 'sys_connect(fd: 4, uservaddr: 0x1, addrlen: 0x10)'),
    ...inside,
    line(CLIENT, '.....', 'sys_connect -> 0x0'),
  ]
  const verdictOf = (lines: readonly string[]) => firstPacketOf(parseTrace(lines.join('\n')), expected, flow)

  test('is what connect(2) sends, also where its thread loses the core in it', () => {
    const { verdict, crossed } = verdictOf([...crossing('00000000cccc', 'eth9'), ...call(lostCore, ...crossing('00000000dddd', 'eth0'))])
    expect(verdict).toBe('proven')
    expect(crossed).toEqual(['eth0>eth0'])
  })

  test('is not what comes after a call that sent nothing, as one on a Unix socket', () => {
    expect(verdictOf([...call(lostCore), ...crossing('00000000cccc', 'eth0')]).verdict).toBe('unproven')
    expect(verdictOf([...call(), ...crossing('00000000cccc', 'eth9'), ...call(...crossing('00000000dddd', 'eth0'))]).verdict).toBe('proven')
  })

  test('on another device contradicts', () => {
    expect(verdictOf(call(...crossing('00000000dddd', 'eth9'))).verdict).toBe('contradicted')
  })
})
