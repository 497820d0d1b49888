/** What the kernel keeps of packets that no tracepoint shows: tracked connections, counters of rules, runs of programs. */
import type { Layout } from '../../../models/topology/layout.js'
import type { BuiltLayout } from '../build.js'
import { command, hasProgram } from '../command.js'
import type { Journal } from '../journal.js'
import { deviceName } from '../kernel-names.js'
import { changeSetting } from '../settings.js'

/** A direction of a tracked connection. */
export interface Tuple {
  readonly source: string
  readonly target: string
  readonly sourcePort: number
  readonly targetPort: number
}

export interface TrackedConnection {
  readonly original: Tuple
  readonly reply: Tuple
  /** Answered, so that it isn't dropped early. */
  readonly assured: boolean
}

/** A forward chain's rule that lets packets pass, and counts them; what the chain jumps to stands in its place. */
export interface ForwardRule {
  readonly chain: string
  readonly packets: number
  /** Rules that stand before it. */
  readonly before: number
}

export interface Tallies {
  /** By namespace. */
  readonly connections: Readonly<Record<string, readonly TrackedConnection[]>>
  /** By namespace; null where nft is missing. */
  readonly forwardRules: Readonly<Record<string, readonly ForwardRule[]>> | null
  /** Runs of the program at a device's ingress, by `namespace device`; null where bpftool is missing. */
  readonly programRuns: Readonly<Record<string, number>> | null
}

/** Lets the kernel count the runs of programs (bpf_stats), where the layout has any. */
export function countPrograms(journal: Journal, layout: Layout): void {
  if (redirecting(layout).length > 0) changeSetting(journal, '/proc/sys/kernel/bpf_stats_enabled', '1')
}

export async function readTallies(built: BuiltLayout): Promise<Tallies> {
  const connections: Record<string, TrackedConnection[]> = {}
  const forwardRules: Record<string, ForwardRule[]> = {}
  const canList = await hasProgram('nft')
  for (const { name } of built.layout.namespaces) {
    const inside = ['ip', 'netns', 'exec', built.kernelName(name)]
    connections[name] = connectionsIn(await commandOr([...inside, 'cat', '/proc/net/nf_conntrack'], ''))
    if (canList && (built.layout.policies[name]?.rules !== undefined || built.layout.forwardRules?.[name] !== undefined))
      forwardRules[name] = forwardRulesIn(await command([...inside, 'nft', '-j', 'list', 'ruleset', 'ip']))
  }
  return { connections, forwardRules: canList ? forwardRules : null, programRuns: await programRuns(built) }
}

/** `ipv4 2 tcp 6 300 ESTABLISHED src=10.0.0.2 dst=10.0.0.3 sport=1 dport=2 src=... [ASSURED] mark=0 use=1`: nf_conntrack_standalone.c, ct_seq_show(). */
export function connectionsIn(text: string): TrackedConnection[] {
  return text.split('\n').flatMap((line) => {
    const tuples = [...line.matchAll(/src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/g)].map(
      ([, source, target, sourcePort, targetPort]): Tuple => ({
        source: source!,
        target: target!,
        sourcePort: Number(sourcePort),
        targetPort: Number(targetPort),
      }),
    )
    const [original, reply] = tuples
    return original === undefined || reply === undefined ? [] : [{ original, reply, assured: line.includes('[ASSURED]') }]
  })
}

interface Listed {
  readonly chain?: { readonly table: string; readonly name: string; readonly hook?: string }
  readonly rule?: { readonly table: string; readonly chain: string; readonly expr: Expression[] }
}

interface Expression {
  readonly counter?: { readonly packets: number }
  readonly jump?: { readonly target: string }
  readonly accept?: null
}

export function forwardRulesIn(json: string): ForwardRule[] {
  const listed = (JSON.parse(json) as { readonly nftables: readonly Listed[] }).nftables
  const chains = listed.flatMap(({ chain }) => (chain?.hook === 'forward' ? [chain] : []))
  return chains.flatMap(({ table, name }) => {
    const rulesOf = (chain: string): Expression[][] =>
      listed.flatMap(({ rule }) => {
        if (rule?.table !== table || rule.chain !== chain) return []
        const target = rule.expr.map(({ jump }) => jump?.target).find((found) => found !== undefined)
        return [rule.expr, ...(target === undefined ? [] : rulesOf(target))]
      })
    return rulesOf(name).flatMap((expressions, before) => {
      const counter = expressions.find(({ counter }) => counter !== undefined)?.counter
      const lets = expressions.some((expression) => 'accept' in expression)
      return counter === undefined || !lets ? [] : [{ chain: `${table} ${name}`, packets: counter.packets, before }]
    })
  })
}

interface Filter {
  readonly options?: { readonly prog?: { readonly id?: number } }
}

async function programRuns(built: BuiltLayout): Promise<Record<string, number> | null> {
  const devices = redirecting(built.layout)
  if (devices.length > 0 && !(await hasProgram('bpftool'))) return null
  const runs: Record<string, number> = {}
  for (const { namespace, name } of devices) {
    const filters = await commandOr(
      ['tc', '-n', built.kernelName(namespace), '-j', 'filter', 'show', 'dev', deviceName(name), 'ingress'],
      '[]',
    )
    const id = (JSON.parse(filters) as Filter[]).map(({ options }) => options?.prog?.id).find((found) => found !== undefined)
    if (id === undefined) continue
    const shown = JSON.parse(await commandOr(['bpftool', '-j', 'prog', 'show', 'id', String(id)], '{}')) as { readonly run_cnt?: number }
    runs[`${namespace} ${name}`] = shown.run_cnt ?? 0
  }
  return runs
}

function redirecting(layout: Layout) {
  return layout.devices.filter((device) => device.kind === 'veth' && device.redirects !== undefined)
}

async function commandOr(argv: readonly string[], otherwise: string): Promise<string> {
  try {
    return await command(argv)
  } catch {
    return otherwise
  }
}
