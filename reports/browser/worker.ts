/** The simulator in a Web Worker of the page: answers states with numbers first, then with figures. */
import './no-eval.js'
import { rowsToCsv } from '../../experiments/store/rows-csv.js'
import { renderSvg } from '../render/svg.js'
import { oneColumn, onPage } from '../theme.js'
import { numbersOf } from '../what-if/numbers.js'
import type { DrawnFigure, FromWorker, SavedFiles, ToWorker } from '../what-if/protocol.js'
import { rehearsals } from '../what-if/rehearsals.js'
import { figuresOf, type Memory, rehearse, runWhatIf, type WhatIfBase, type WhatIfRun } from '../what-if/run.js'
import type { Choices } from '../what-if/state.js'

const scope = self as unknown as { onmessage: unknown; postMessage(message: FromWorker): void }
const memory: Memory = new Map()
let base: WhatIfBase | null = null
let newest = -1

/** Lets a newer state arrive. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

scope.onmessage = async ({ data }: { readonly data: ToWorker }): Promise<void> => {
  if (data.kind === 'start') {
    base = data.base
    scope.postMessage({ kind: 'ready' })
    return
  }
  const { id, state } = data
  newest = id
  // A later move of the slider is already here: only it needs an answer.
  await turn()
  if (newest !== id || base === null) return
  try {
    const start = performance.now()
    const run = runWhatIf(base, state, memory)
    const elapsedMs = performance.now() - start
    scope.postMessage({ kind: 'numbers', id, numbers: numbersOf(run), messages: run.simulated, elapsedMs, files: filesOf(run, base) })
    const figures = figuresOf(run)
    const shown: DrawnFigure[] = []
    for (const { name, title, caption, draw } of figures) {
      shown.push({ name, title, caption, svg: await renderSvg(draw(onPage)) })
      await turn()
      if (newest !== id) return
    }
    scope.postMessage({ kind: 'figures', id, figures: shown })
    const drawings = new Map<string, string>()
    for (const { name, draw } of figures) {
      await turn()
      if (newest !== id) return
      drawings.set(name, await renderSvg(draw(oneColumn)))
    }
    scope.postMessage({ kind: 'drawings', id, drawings })
    await rehearseAll(base, id)
  } catch (error) {
    scope.postMessage({ kind: 'refused', id, reason: error instanceof Error ? error.message : String(error) })
  }
}

let toRehearse: Choices[] | null = null

/** While nobody asks: what the paths of other choices need is compiled before one of them is made. */
async function rehearseAll(base: WhatIfBase, id: number): Promise<void> {
  toRehearse ??= rehearsals(base.document)
  while (toRehearse.length > 0) {
    await turn()
    if (newest !== id) return
    try {
      rehearse(base, toRehearse.shift()!)
    } catch {
      // What the file refuses says so once it is chosen.
    }
  }
}

function filesOf(run: WhatIfRun, { profile, profileKey }: WhatIfBase): SavedFiles {
  const isSaved = run.profile !== profile || profileKey?.endsWith('.json') === true
  return { experiment: run.text, profile: isSaved ? `${JSON.stringify(run.profile, null, 2)}\n` : null, rows: rowsToCsv(run.rows) }
}
