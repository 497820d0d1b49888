/** The experiment file that stands for a state: two network models, `pinned` and `what-if`, out of the report's own experiment. */
import { stringify } from 'yaml'
import { withImplied } from './implied.js'
import { isMap, mergePlain, type PlainMap, pathOf, withValue } from './plain-document.js'
import type { Choices, WhatIfState, Written } from './state.js'

/** Ten replications of a thousand messages: an interval from ten, and an answer while the slider still moves. */
export const REPLICATIONS = 10
export const MESSAGES = 1000

export const PINNED = 'pinned'
export const CHANGED = 'what-if'

/** The name under which the changed profile is saved beside the experiment file. */
export const PROFILE_FILE = 'what-if.profile.json'

const HEAD_KEYS = ['name', 'extends', 'profile', 'models', 'sweep', 'stop', 'seed', 'baseline', 'report']

/** What differs from the document in one alternative: the network model's own difference, the first of each swept value, the choices. */
export function alternative(document: PlainMap, { model, values }: Choices): PlainMap {
  const declared = isMap(document['models']) ? document['models'][model] : undefined
  const own = isMap(declared) ? declared : {}
  const whole = mergePlain(document, own) as PlainMap
  const heads = isMap(document['sweep']) ? Object.entries(document['sweep']) : []
  const first: Record<string, Written> = {}
  for (const [key, list] of heads) if (key !== 'model' && Array.isArray(list)) first[key] = list[0] as Written
  return Object.entries(withImplied({ ...first, ...values }, whole)).reduce<PlainMap>(
    (difference, [key, value]) => withValue(difference, whole, pathOf(key), value) as PlainMap,
    own,
  )
}

/** The text of the file. `profile` is what its key of that name says; null leaves the key out. */
export function experimentText(document: PlainMap, state: WhatIfState, profile: string | null): string {
  const scenario = Object.fromEntries(Object.entries(document).filter(([key]) => !HEAD_KEYS.includes(key)))
  const file = {
    name: 'what-if',
    ...(profile === null ? {} : { profile }),
    ...scenario,
    models: { [PINNED]: alternative(document, state.pinned), [CHANGED]: alternative(document, state.changed) },
    sweep: { model: [PINNED, CHANGED] },
    stop: { replications: REPLICATIONS, messages: MESSAGES },
    seed: state.seed,
    baseline: PINNED,
    report: ['latency-cdf', 'stage-waterfall', 'stage-breakdown'],
  }
  return `# ${question(state)}\n${stringify(file, { lineWidth: 0, aliasDuplicateObjects: false })}`
}

/** `What if overlay (flows.ping.workload.message 1400 B) stood in for shared?` */
export function question({ changed, pinned }: WhatIfState): string {
  return `What if ${inWords(changed)} stood in for ${inWords(pinned)}?`
}

function inWords({ model, values, costs }: Choices): string {
  const said = [...Object.entries(values), ...Object.entries(costs)].map(([key, value]) => `${key} ${value}`)
  return said.length === 0 ? model : `${model} (${said.join(', ')})`
}
