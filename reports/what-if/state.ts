/** What a reader has chosen: two alternatives, one of them pinned. All of it lives in the URL's fragment, so that a link says everything. */

/** A value as it stands in an experiment file: `1400 B`, 0, true. */
export type Written = string | number | boolean

export interface Choices {
  /** A network model of the experiment. */
  readonly model: string
  /** What differs from the model's first point, by key of the experiment file: `{ 'flows.ping.workload.message': '1400 B' }`. */
  readonly values: Readonly<Record<string, Written>>
  /** Coefficients that differ from the profile's, in the profile's unit: `{ 'bridge.forward.perPacketNs': 120 }`. */
  readonly costs: Readonly<Record<string, number>>
}

export interface WhatIfState {
  readonly seed: number
  readonly changed: Choices
  readonly pinned: Choices
}

/** What a fragment must begin with to be read as a state. */
export const FRAGMENT = '#what-if?'

const PINNED = 'pinned.'
const COST = 'cost:'

export function toFragment({ seed, changed, pinned }: WhatIfState): string {
  const pairs: [string, Written][] = [['seed', seed], ...pairsOf(changed, ''), ...pairsOf(pinned, PINNED)]
  return `${FRAGMENT}${pairs.map(([key, value]) => `${encoded(key)}=${encoded(String(value))}`).join('&')}`
}

/** Colons, dots and spaces stay readable in an address bar. */
const encoded = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+').replaceAll('%3A', ':')

function pairsOf({ model, values, costs }: Choices, prefix: string): [string, Written][] {
  const sorted = <T>(record: Readonly<Record<string, T>>) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    [`${prefix}model`, model],
    ...sorted(values).map(([key, value]): [string, Written] => [prefix + key, value]),
    ...sorted(costs).map(([name, value]): [string, Written] => [prefix + COST + name, value]),
  ]
}

/** The state that a fragment names; null where it is none. Keys that the experiment does not have are the worker's to refuse. */
export function fromFragment(fragment: string, models: readonly string[]): WhatIfState | null {
  if (!fragment.startsWith(FRAGMENT)) return null
  const pairs = fragment
    .slice(FRAGMENT.length)
    .split('&')
    .map((pair): [string, string] => {
      const [key = '', value = ''] = pair.split('=')
      return [decoded(key), decoded(value)]
    })
  const seed = Number(pairs.find(([key]) => key === 'seed')?.[1])
  const side = (prefix: string) =>
    choicesOf(
      pairs.flatMap(([key, value]): [string, string][] => {
        if (key === 'seed' || (prefix === '' && key.startsWith(PINNED)) || !key.startsWith(prefix)) return []
        return [[key.slice(prefix.length), value]]
      }),
      models,
    )
  const changed = side('')
  const pinned = side(PINNED)
  if (!changed || !pinned || !Number.isSafeInteger(seed) || seed < 0) return null
  return { seed, changed, pinned }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function choicesOf(pairs: readonly [string, string][], models: readonly string[]): Choices | null {
  const model = pairs.find(([key]) => key === 'model')?.[1]
  if (model === undefined || !models.includes(model)) return null
  const costs = pairs.filter(([key, value]) => key.startsWith(COST) && Number.isFinite(Number(value)) && Number(value) >= 0)
  const values = pairs.filter(([key]) => key !== 'model' && !key.startsWith(COST))
  return {
    model,
    values: Object.fromEntries(values.map(([key, value]) => [key, written(value)])),
    costs: Object.fromEntries(costs.map(([key, value]) => [key.slice(COST.length), Number(value)])),
  }
}

function written(text: string): Written {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^\d{1,15}$/.test(text) ? Number(text) : text
}
