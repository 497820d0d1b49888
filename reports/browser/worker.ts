/** The simulator in a Web Worker of the page: answers states with numbers first, then with figures. */
import './no-eval.js'
import { rowsToCsv } from '../../experiments/store/rows-csv.js'
import { reportFigures } from '../figures/report-figures.js'
import { renderSvg } from '../render/svg.js'
import { oneColumn, onPage } from '../theme.js'
import { numbersOf } from '../what-if/numbers.js'
import type { DrawnFigure, FromWorker, SavedFiles, ToWorker } from '../what-if/protocol.js'
import { type Memory, runWhatIf, type WhatIfBase, type WhatIfRun } from '../what-if/run.js'

const scope = self as unknown as { onmessage: unknown; postMessage(message: FromWorker): void }
const memory: Memory = new Map()
let base: WhatIfBase | null = null
let newest = -1

scope.onmessage = async ({ data }: { readonly data: ToWorker }): Promise<void> => {
  if (data.kind === 'start') {
    base = data.base
    scope.postMessage({ kind: 'ready' })
    return
  }
  const { id, state } = data
  newest = id
  // A later move of the slider is already here: only it needs an answer.
  await new Promise((resolve) => setTimeout(resolve, 0))
  if (newest !== id || base === null) return
  try {
    const start = performance.now()
    const run = runWhatIf(base, state, memory)
    const elapsedMs = performance.now() - start
    scope.postMessage({ kind: 'numbers', id, numbers: numbersOf(run), messages: run.simulated, elapsedMs, files: filesOf(run, base) })
    const figures: DrawnFigure[] = []
    for (const { name, title, caption, draw } of reportFigures(run.report)) {
      figures.push({ name, title, caption, onPage: await renderSvg(draw(onPage)), file: await renderSvg(draw(oneColumn)) })
      await new Promise((resolve) => setTimeout(resolve, 0))
      if (newest !== id) return
    }
    scope.postMessage({ kind: 'figures', id, figures })
  } catch (error) {
    scope.postMessage({ kind: 'refused', id, reason: error instanceof Error ? error.message : String(error) })
  }
}

function filesOf(run: WhatIfRun, { profile, profileKey }: WhatIfBase): SavedFiles {
  const isSaved = run.profile !== profile || profileKey?.endsWith('.json') === true
  return { experiment: run.text, profile: isSaved ? `${JSON.stringify(run.profile, null, 2)}\n` : null, rows: rowsToCsv(run.rows) }
}
