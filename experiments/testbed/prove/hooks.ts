/**
 * Netfilter's hooks, which have no tracepoint: a table with one counting chain at each hook is put into a namespace of the run for a
 * moment, after the trace, and taken away again. Packets counted there passed that hook. `nft monitor trace` says which devices they
 * came from and went to.
 */
import { spawn } from 'node:child_process'
import { command } from '../command.js'
import { RUN_VARIABLE } from '../sweep-up.js'

export interface HookCounts {
  readonly prerouting: number
  readonly forward: number
  readonly postrouting: number
  /** Packets that the namespace's processes themselves sent and received: not forwarded, and no bridge's. */
  readonly input: number
  readonly output: number
  /** Pairs of devices that `nft monitor trace` showed at the forward hook, `veth.client.net > veth.server.net`. */
  readonly forwarded: readonly string[]
}

const TABLE = 'fairway_witness'
const HOOKS = ['prerouting', 'forward', 'postrouting', 'input', 'output'] as const
/** Before every priority that a rule set uses (raw is -300: include/uapi/linux/netfilter_ipv4.h), so that nothing has been dropped yet. */
const FIRST = -310
/** How long the hooks count, ms. */
const COUNTING_MS = 30

export async function countHooks(namespace: string, run: string): Promise<HookCounts> {
  const inside = ['ip', 'netns', 'exec', namespace]
  const monitor = spawn('setpriv', ['--pdeathsig', 'KILL', ...inside, 'nft', 'monitor', 'trace'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', [RUN_VARIABLE]: run },
  })
  let traced = ''
  monitor.stdout.setEncoding('utf8').on('data', (text: string) => {
    traced += text
  })
  const ended = new Promise((resolve) => monitor.once('close', resolve))
  monitor.once('error', () => undefined)
  try {
    await new Promise((resolve) => setTimeout(resolve, 15))
    await command([...inside, 'nft', '-f', '-'], { input: ruleSet() })
    await new Promise((resolve) => setTimeout(resolve, COUNTING_MS))
    const counted = countersIn(await command([...inside, 'nft', '-j', 'list', 'table', 'ip', TABLE]))
    return { ...counted, forwarded: forwardedIn(traced) }
  } finally {
    monitor.kill('SIGKILL')
    await ended
    // Added first, so that it is there to delete.
    await command([...inside, 'nft', '-f', '-'], { input: `add table ip ${TABLE}\ndelete table ip ${TABLE}\n` })
  }
}

function ruleSet(): string {
  const chain = (hook: string): string[] => [
    `add chain ip ${TABLE} ${hook} { type filter hook ${hook} priority ${FIRST}; }`,
    // A few packets are enough for the monitor: what it prints takes time from the traffic.
    ...(hook === 'prerouting' ? [`add rule ip ${TABLE} ${hook} limit rate 100/second burst 4 packets meta nftrace set 1`] : []),
    `add rule ip ${TABLE} ${hook} counter`,
  ]
  return [`add table ip ${TABLE}`, ...HOOKS.flatMap(chain), ''].join('\n')
}

interface Listed {
  readonly nftables: readonly {
    readonly rule?: { readonly chain: string; readonly expr: readonly { readonly counter?: { readonly packets: number } }[] }
  }[]
}

export function countersIn(json: string): Omit<HookCounts, 'forwarded'> {
  const counted = { prerouting: 0, forward: 0, postrouting: 0, input: 0, output: 0 }
  for (const { rule } of (JSON.parse(json) as Listed).nftables) {
    const counter = rule?.expr.find((expression) => expression.counter !== undefined)?.counter
    if (rule !== undefined && counter !== undefined) counted[rule.chain as keyof typeof counted] += counter.packets
  }
  return counted
}

/** `trace id 1c2d ip fairway_witness forward packet: iif "veth.client.net" oif "veth.server.net" ...` */
export function forwardedIn(traced: string): string[] {
  const found = new Set<string>()
  for (const match of traced.matchAll(/ip \S+ forward packet: .*?\biif(?:name)? "([^"]+)" .*?\boif(?:name)? "([^"]+)"/g))
    found.add(`${match[1]} > ${match[2]}`)
  return [...found]
}
