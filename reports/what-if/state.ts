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
  const pairs = pairsIn(fragment)
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

/**
 * Why a fragment that means to be a state is none, or not all of one; empty where nothing is wrong with it, or it is about something else. A key
 * that the experiment does not have is the worker's to refuse.
 */
export function mistakesIn(fragment: string, models: readonly string[], coefficients: readonly string[]): string[] {
  if (!/^#what-if[?=&/]/.test(fragment)) return []
  const pairs = pairsIn(fragment)
  const valueOf = (key: string): string => JSON.stringify(pairs.find(([name]) => name === key)?.[1] ?? 'nothing')
  const state = fromFragment(fragment, models)
  const ofModels = [PINNED, ''].flatMap((prefix) =>
    models.some((model) => pairs.some(([key, value]) => key === `${prefix}model` && value === model))
      ? []
      : [`${prefix}model: expected one of ${models.join(', ')}, got ${valueOf(`${prefix}model`)}`],
  )
  const ofSeed = state === null && ofModels.length === 0 ? [`seed: expected a whole number, got ${valueOf('seed')}`] : []
  const ofCosts = pairs.flatMap(([key, value]) => {
    const name = key.replace(PINNED, '')
    if (!name.startsWith(COST)) return []
    if (!coefficients.includes(name.slice(COST.length))) return [`${key}: the profile has no such coefficient`]
    return isCost(value) ? [] : [`${key}: expected a number from 0 on, got ${JSON.stringify(value)}`]
  })
  return [...ofModels, ...ofSeed, ...ofCosts]
}

const isCost = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text)) && Number(text) >= 0

function pairsIn(fragment: string): [string, string][] {
  return fragment
    .slice(FRAGMENT.length)
    .split('&')
    .map((pair): [string, string] => {
      const [key = '', value = ''] = pair.split('=')
      return [decoded(key), decoded(value)]
    })
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
  const costs = pairs.filter(([key, value]) => key.startsWith(COST) && isCost(value))
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
