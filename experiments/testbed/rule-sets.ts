/**
 * The rules of a namespace as nftables and as iptables write them: the forward chain, published ports, services, masquerade. Packets of a
 * connection ask the translating chains once; the forward chain is asked for each.
 */
import type { Layout, Translation } from '../../models/topology/layout.js'
import { deviceName } from './kernel-names.js'

/** What is given to a program on its standard input. */
export interface RuleSet {
  readonly argv: readonly string[]
  readonly input: string
}

/** Null where the namespace has no rules at all. */
export function ruleSetOf(layout: Layout, namespace: string): RuleSet | null {
  const policy = layout.policies[namespace]
  const wanted: Wanted = {
    rules: policy?.rules,
    tracks: policy?.conntrack === true,
    translations: layout.translations.filter((one) => one.namespace === namespace),
    masquerades: layout.masquerades
      .filter((one) => one.namespace === namespace)
      .map(({ prefix, bridge }) => ({ prefix, bridge: bridge === undefined ? undefined : deviceName(bridge) })),
  }
  if (wanted.rules === undefined && !wanted.tracks && wanted.translations.length === 0 && wanted.masquerades.length === 0) return null
  return policy?.firewall === 'iptables'
    ? { argv: ['iptables-restore'], input: iptablesRules(wanted) }
    : { argv: ['nft', '-f', '-'], input: nftablesRules(wanted) }
}

interface Wanted {
  readonly rules: number | undefined
  readonly tracks: boolean
  readonly translations: readonly Translation[]
  readonly masquerades: readonly { readonly prefix: string; readonly bridge: string | undefined }[]
}

/** Addresses that nobody has: 198.18.0.0/15 is kept for benchmarks (RFC 2544), and rules on them match nothing. */
const nobody = (index: number): string => `198.${18 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`
/** Addresses of services that nobody calls. */
const uncalled = (index: number): string => `172.30.${64 + (index >> 8)}.${index & 255}`

const count = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, i) => make(i))

/** nft reads one statement a line. */
function nftablesRules({ rules, tracks, translations, masquerades }: Wanted): string {
  const lines = ['table ip fairway {']
  const chain = (head: string, body: readonly string[]): number => lines.push(head, ...body.map((line) => `  ${line}`), '}')
  if (rules !== undefined)
    chain('chain filter-forward {', [
      'type filter hook forward priority 0; policy accept;',
      ...count(rules, (i) => `ip saddr ${nobody(i)} drop`),
      'counter accept',
    ])
  // Nothing leads to this chain; that it names a connection's state switches tracking on.
  if (tracks) chain('chain tracking {', ['ct state new accept'])
  if (translations.length > 0) {
    const single = translations.filter((one) => one.backends.length === 1 && one.count === 1)
    const services = translations.filter((one) => !single.includes(one))
    const rulesOf = single.map(({ address, backends }) => `ip daddr ${address} dnat to ${backends[0]}`)
    const most = Math.max(0, ...services.map((one) => one.count))
    if (services.length > 0) {
      chain('chain no-service {', ['return'])
      services.forEach(({ backends }, i) => {
        chain(`chain service-${i} {`, [`dnat to ${balanced(backends)}`])
      })
      const elements = [
        ...count(most - 1, (i) => `${uncalled(i)} : goto no-service`),
        ...services.map(({ address }, i) => `${address} : goto service-${i}`),
      ]
      chain('map services {', ['type ipv4_addr : verdict', `elements = { ${elements.join(', ')} }`])
      rulesOf.push('ip daddr vmap @services')
    }
    for (const hook of ['prerouting', 'output'])
      chain(`chain nat-${hook} {`, [`type nat hook ${hook} priority -100; policy accept;`, ...rulesOf])
  }
  if (masquerades.length > 0)
    chain('chain nat-postrouting {', [
      'type nat hook postrouting priority 100; policy accept;',
      ...masquerades.flatMap(({ prefix, bridge }) =>
        bridge === undefined
          ? [`ip saddr ${prefix} masquerade`]
          : [`ip saddr ${prefix} oifname != "${bridge}" masquerade`, `ip saddr ${prefix} oifname "${bridge}" ct status dnat masquerade`],
      ),
    ])
  return [...lines, '}', ''].join('\n')
}

function balanced(backends: readonly string[]): string {
  if (backends.length === 1) return backends[0]!
  return `numgen random mod ${backends.length} map { ${backends.map((address, i) => `${i} : ${address}`).join(', ')} }`
}

function iptablesRules({ rules, tracks, translations, masquerades }: Wanted): string {
  const filter: string[] = []
  if (rules !== undefined) filter.push(...count(rules, (i) => `-A FORWARD -s ${nobody(i)}/32 -j DROP`), '-A FORWARD -j ACCEPT')
  // Nothing leads to this chain; that it names a connection's state switches tracking on.
  const chains = tracks ? [':TRACKING - [0:0]'] : []
  if (tracks) filter.push('-A TRACKING -m conntrack --ctstate NEW -j ACCEPT')
  const nat = translations.length === 0 && masquerades.length === 0 ? [] : natTable(translations, masquerades)
  const filterTable = filter.length === 0 ? [] : ['*filter', ...chains, ...filter, 'COMMIT']
  return [...filterTable, ...nat, ''].join('\n')
}

/** Services as kube-proxy writes them: a chain with one rule a service, a chain a service that rolls the dice, a chain a backend. */
function natTable(translations: readonly Translation[], masquerades: Wanted['masquerades']): string[] {
  const chains = new Set<string>()
  const lines: string[] = []
  const single = translations.filter((one) => one.backends.length === 1 && one.count === 1)
  const services = translations.filter((one) => !single.includes(one))
  for (const hook of ['PREROUTING', 'OUTPUT'])
    for (const { address, backends } of single) lines.push(`-A ${hook} -d ${address}/32 -j DNAT --to-destination ${backends[0]}`)
  if (services.length > 0) {
    chains.add('SERVICES').add('NO-SERVICE')
    lines.push('-A PREROUTING -j SERVICES', '-A OUTPUT -j SERVICES')
    const most = Math.max(...services.map((one) => one.count))
    lines.push(...count(most - 1, (i) => `-A SERVICES -d ${uncalled(i)}/32 -p tcp -m tcp --dport 80 -j NO-SERVICE`))
    services.forEach(({ address, backends }, s) => {
      chains.add(`SERVICE-${s}`)
      lines.push(`-A SERVICES -d ${address}/32 -j SERVICE-${s}`)
      backends.forEach((backend, b) => {
        const left = backends.length - b
        const dice = left === 1 ? '' : ` -m statistic --mode random --probability ${(1 / left).toFixed(10)}`
        chains.add(`BACKEND-${s}-${b}`)
        lines.push(`-A SERVICE-${s}${dice} -j BACKEND-${s}-${b}`, `-A BACKEND-${s}-${b} -j DNAT --to-destination ${backend}`)
      })
    })
  }
  for (const { prefix, bridge } of masquerades) {
    if (bridge === undefined) lines.push(`-A POSTROUTING -s ${prefix} -j MASQUERADE`)
    else {
      lines.push(`-A POSTROUTING -s ${prefix} ! -o ${bridge} -j MASQUERADE`)
      lines.push(`-A POSTROUTING -s ${prefix} -o ${bridge} -m conntrack --ctstate DNAT -j MASQUERADE`)
    }
  }
  return ['*nat', ...[...chains].map((name) => `:${name} - [0:0]`), ...lines, 'COMMIT']
}
