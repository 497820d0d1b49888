/** What the page shows before anybody chose: the baseline, and the network model after it. */
import type { Scenario } from '../../models/topology/scenario.js'
import type { WhatIfBase } from './run.js'
import type { WhatIfState } from './state.js'

/** All that the page embeds for what-if. */
export interface WhatIfPage {
  readonly base: WhatIfBase
  readonly seed: number
  readonly baseline: string
  /** Each network model's scenario at its first point, in the order of the file. */
  readonly models: Readonly<Record<string, Scenario>>
}

export function initialState({ seed, baseline, models }: Pick<WhatIfPage, 'seed' | 'baseline' | 'models'>): WhatIfState {
  const names = Object.keys(models)
  const other = names.find((name) => name !== baseline) ?? baseline
  return { seed, changed: { model: other, values: {}, costs: {} }, pinned: { model: baseline, values: {}, costs: {} } }
}
