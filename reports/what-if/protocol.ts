/** What the page and its worker say to each other: plain data. */
import type { WhatIfNumbers } from './numbers.js'
import type { WhatIfBase } from './run.js'
import type { WhatIfState } from './state.js'

export type ToWorker =
  | { readonly kind: 'start'; readonly base: WhatIfBase }
  | { readonly kind: 'run'; readonly id: number; readonly state: WhatIfState }

export interface DrawnFigure {
  readonly name: string
  readonly title: string
  readonly caption: string
  /** In the page's colours. */
  readonly svg: string
}

/** Everything that can be saved of a run. */
export interface SavedFiles {
  readonly experiment: string
  /** The profile, where the experiment file names one that does not ship. */
  readonly profile: string | null
  readonly rows: string
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'numbers'
      readonly id: number
      readonly numbers: WhatIfNumbers
      readonly messages: number
      readonly elapsedMs: number
      readonly files: SavedFiles
    }
  | { readonly kind: 'figures'; readonly id: number; readonly figures: readonly DrawnFigure[] }
  /** As the command writes them for one column of a paper, by name: drawn last, because only who saves one wants it. */
  | { readonly kind: 'drawings'; readonly id: number; readonly drawings: ReadonlyMap<string, string> }
  | { readonly kind: 'refused'; readonly id: number; readonly reason: string }
