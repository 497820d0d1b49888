/** Warnings: "look at this before you trust the numbers". All of them are written here. */
import type { Experiment } from '../experiments/experiment.js'
import { describes, processorOf } from '../experiments/machine.js'
import type { Profile } from '../models/profiles/profile.js'
import { placeOf } from './axes.js'
import type { Cell, Joined } from './cells.js'

export interface Warning {
  readonly text: string
  /** The point whose numbers it taints; null where it is about the whole report. */
  readonly point: string | null
}

/** How many points of one kind are named before the rest is counted. */
const NAMED = 3

export function warningsOf(experiment: Experiment, joined: Joined, profile: Profile | null): Warning[] {
  const warnings: Warning[] = []
  const name = (cell: Cell): string => [cell.model, placeOf(experiment, cell.flow, cell.values)].filter((part) => part !== '').join(', ')
  const medians = joined.cells.filter((cell) => cell.statistic === 'p50')

  const outside = new Map<string, Cell[]>()
  for (const cell of medians) {
    const trust = cell.simulated?.trust
    if (trust && trust !== 'inside') outside.set(trust, [...(outside.get(trust) ?? []), cell])
  }
  for (const [reason, cells] of outside) warnings.push(about(cells, `outside the region of trust (${reason})`, name))

  const chance = medians.filter((cell) => cell.simulated?.halfWidthKind === 'chance')
  if (chance.length > 0)
    warnings.push({
      text: `${chance.length} simulated points carry intervals of chance alone, without the profile's covariance`,
      point: null,
    })

  const single = medians.filter((cell) => cell.simulated?.runs === 1)
  if (single.length > 0)
    warnings.push(about(single, 'one replication: nothing is known of chance, the interval is the calibration alone', name))

  const processors = profile === null ? [] : otherProcessors(medians, profile)
  if (processors.length > 0)
    warnings.push({
      text: `measured on another machine than the profile's (${processors.join(', ')}; the profile: ${profile!.machine}): errors there compare machines, not the model with a kernel`,
      point: null,
    })

  const few = medians.filter((cell) => cell.measured && cell.measured.runs < 9)
  if (few.length > 0) warnings.push(about(few, 'measured with fewer than 9 runs', name))

  const found = new Set(joined.cells.map((cell) => cell.point))
  const missing = experiment.points.filter((point) => !found.has(point.id))
  if (missing.length > 0) {
    const of = `${missing.length} of ${experiment.points.length} points`
    warnings.push({ text: `${of} have no row: the run or measurement is not complete`, point: null })
  }
  if (joined.contested > 0) {
    warnings.push({
      text: `${joined.contested === 1 ? '1 figure was' : `${joined.contested} figures were`} measured by several campaigns of equally many runs; the latest is shown`,
      point: null,
    })
  }
  if (joined.strangers > 0) {
    warnings.push({ text: `${joined.strangers} rows belong to points that the experiment no longer has; they are left out`, point: null })
  }
  return warnings
}

/** Processors of measured rows that the profile's machine doesn't have; a row tells its own with its environment. */
function otherProcessors(cells: readonly Cell[], profile: Profile): string[] {
  const seen = cells.flatMap(({ simulated, measured }) => {
    if (!simulated || !measured) return []
    const processor = processorOf(measured)
    return processor === null || describes(profile.machine, processor) ? [] : [processor]
  })
  return [...new Set(seen)]
}

function about(cells: readonly Cell[], what: string, name: (cell: Cell) => string): Warning {
  const named = cells.slice(0, NAMED).map(name).join('; ')
  const rest = cells.length > NAMED ? ` and ${cells.length - NAMED} more` : ''
  return { text: `${named}${rest}: ${what}`, point: cells.length === 1 ? cells[0]!.point : null }
}
