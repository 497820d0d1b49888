/**
 * What a reader can change, read from the scenario of the chosen network model: a control stands for a key that means something in this
 * scenario, so none is dead.
 */
import { type Flow, isUnix, type Scenario, startOf } from '../../models/topology/scenario.js'
import { NO_LOAD, NO_QUOTA } from './implied.js'
import { isMap, type PlainMap } from './plain-document.js'
import type { Written } from './state.js'

export interface Option {
  readonly value: Written
  readonly label: string
}

interface Named {
  /** Key of the experiment file. */
  readonly key: string
  readonly label: string
}

export type Control =
  | (Named & {
      readonly kind: 'size'
      readonly value: number
      readonly least: number
      readonly most: number
      readonly steps: readonly number[]
    })
  | (Named & { readonly kind: 'choice'; readonly value: Written; readonly options: readonly Option[] })
  | (Named & { readonly kind: 'flag'; readonly value: boolean })

/** From one B to what sockperf sends at most (document.ts); the slider goes in halves of a power of two and stops at every size of the sweep. */
const LEAST_MESSAGE = 14
const MOST_MESSAGE = 65_536
const MOST_BUFFER = 65_536
const LOADS = ['5k/s', '10k/s', '20k/s', '40k/s', '60k/s', '80k/s', '100k/s']
/** Of each 10 ms. */
const QUOTAS = ['8 ms', '6 ms', '4 ms', '3 ms', '2 ms', '1 ms']

/** Controls of the scenario at a model's first point. */
export function controlsOf(document: PlainMap, scenario: Scenario): Control[] {
  const swept = isMap(document['sweep']) ? document['sweep'] : {}
  const sizes = (key: string): number[] => {
    const list = swept[key]
    return Array.isArray(list) ? list.flatMap((value) => sizeOf(value) ?? []) : []
  }
  const used = Object.values(scenario.flows)
  const many = used.length > 1
  const start = startOf(scenario)
  const controls: Control[] = Object.entries(scenario.flows).flatMap(([name, flow]) => {
    // A stream has no messages: its writes are a choice where the experiment sweeps them.
    if (start !== undefined || flow.workload.kind === 'stream') return []
    const key = `flows.${name}.workload.message`
    return [
      {
        kind: 'size' as const,
        key,
        label: many ? `Message of ${name}` : 'Message',
        value: flow.workload.messageBytes,
        least: LEAST_MESSAGE,
        most: MOST_MESSAGE,
        steps: stepsOf(LEAST_MESSAGE, MOST_MESSAGE, sizes(key)),
      },
    ]
  })
  const taken = new Set(controls.map(({ key }) => key))
  for (const [key, list] of Object.entries(swept)) {
    if (key === 'model' || taken.has(key) || !Array.isArray(list) || list.length < 2) continue
    taken.add(key)
    controls.push({
      kind: 'choice',
      key,
      label: capital(key.slice(key.lastIndexOf('.') + 1)),
      value: list[0] as Written,
      options: list.map((value: Written) => ({ value, label: String(value) })),
    })
  }
  const add = (control: Control) => {
    if (!taken.has(control.key)) controls.push(control)
  }
  if (start !== undefined) {
    // Of a start, its message's size and its server change nothing that is modelled.
    add(coreControl('containers', start.from, scenario.containers[start.from]!, scenario))
    return controls
  }
  for (const [name, flow] of Object.entries(scenario.flows)) {
    if (canBeLoaded(flow, scenario))
      add(optionsControl(`flows.${name}.workload.rate`, many ? `Load of ${name}` : 'Load', [NO_LOAD, ...LOADS]))
    if (flow.service === undefined)
      add(optionsControl(`containers.${flow.to}.cpu-quota`, `CPU quota of ${flow.to}`, [NO_QUOTA, ...QUOTAS], ' in 10 ms'))
  }
  const ends = new Set(used.flatMap((flow) => [flow.from, flow.to]))
  // A client that spins needs a core of its own: where one does, nobody moves.
  const spins = used.some(({ workload }) => workload.kind === 'open-loop')
  for (const [name, container] of Object.entries(scenario.containers))
    if (ends.has(name) && !spins) add(coreControl('containers', name, container, scenario))
  const relays = new Set(used.flatMap((flow) => flow.via))
  for (const [name, proxy] of Object.entries(scenario.proxies)) {
    if (!relays.has(name)) continue
    if (!spins) add(coreControl('proxies', name, proxy, scenario))
    add({
      kind: 'size',
      key: `proxies.${name}.buffer`,
      label: `Buffer of ${name}`,
      value: proxy.bufferBytes,
      least: 64,
      most: MOST_BUFFER,
      steps: stepsOf(64, MOST_BUFFER, [1024]),
    })
    add({ kind: 'flag', key: `proxies.${name}.no-delay`, label: `TCP_NODELAY at ${name}`, value: proxy.noDelay === true })
  }
  if (used.some((flow) => flow.transport === 'tcp'))
    add({ kind: 'flag', key: 'tcp.quick-ack', label: 'Acknowledge at once', value: scenario.tcp.quickAck })
  return controls
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`

/** An open loop needs two cores, and nobody between its ends; one that the file has already has its rate from there. */
function canBeLoaded({ transport, workload, via, from, to, service }: Flow, { machines, hosts, containers }: Scenario): boolean {
  const cores = [from, to].map((name) => machines[hosts[containers[name]?.host ?? '']?.machine ?? '']?.cores ?? 1)
  return workload.kind === 'ping-pong' && !isUnix(transport) && via.length === 0 && service === undefined && Math.min(...cores) >= 2
}

function optionsControl(key: string, label: string, values: readonly string[], unit = ''): Control {
  const options = values.map((value, i) => ({ value, label: i === 0 ? value : `${value}${unit}` }))
  return { kind: 'choice', key, label, value: values[0]!, options }
}

function coreControl(
  section: string,
  name: string,
  { host, core }: { readonly host: string; readonly core: number },
  scenario: Scenario,
): Control {
  const cores = scenario.machines[scenario.hosts[host]?.machine ?? '']?.cores ?? 1
  const options = Array.from({ length: cores }, (_, value) => ({ value, label: String(value) }))
  return { kind: 'choice', key: `${section}.${name}.core`, label: `Core of ${name}`, value: core, options }
}

/** Powers of two and their middles, with the sizes that somebody asked about, ascending. */
function stepsOf(least: number, most: number, others: readonly number[]): number[] {
  const powers = Array.from({ length: 20 }, (_, i) => 2 ** i).flatMap((power) => [power, power * 1.5])
  const all = [least, ...powers, 1400, ...others, most]
  return [...new Set(all)].filter((bytes) => Number.isInteger(bytes) && bytes >= least && bytes <= most).sort((a, b) => a - b)
}

/** `1400 B`, `4 KiB` as a file writes them; null for anything else. */
export function sizeOf(value: unknown): number | null {
  const match = /^(\d+(?:\.\d+)?) ?(B|KiB|MiB)$/.exec(String(value))
  return match === null ? null : Number(match[1]) * { B: 1, KiB: 2 ** 10, MiB: 2 ** 20 }[match[2] as 'B' | 'KiB' | 'MiB']
}
