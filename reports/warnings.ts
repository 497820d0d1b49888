/** Warnings: "look at this before you trust the numbers". All of them are written here. */
import type { Experiment } from '../experiments/experiment.js'
import { describes, processorOf } from '../experiments/machine.js'
import { trustReasons } from '../experiments/region-of-trust.js'
import type { Profile } from '../models/profiles/profile.js'
import { atOf, placeOf } from './axes.js'
import { type Cell, isHeadline, type Joined, LEAST_RUNS } from './cells.js'
import { listed } from './format/listed.js'

export interface Warning {
  readonly text: string
  /** The point whose numbers it taints; null where it is about the whole report. */
  readonly point: string | null
}

/** So many points of one kind are named; of more it is said how many of each network model's they are. */
const NAMED = 3

export function warningsOf(experiment: Experiment, joined: Joined, profile: Profile | null): Warning[] {
  const warnings: Warning[] = []
  const heads = joined.cells.filter(isHeadline)
  const about = (cells: readonly Cell[], what: string, told: 'with places' | 'counted' = 'counted'): Warning => ({
    text: `${pointsInWords(experiment, cells, told)}${what}`,
    point: cells.length === 1 ? cells[0]!.point : null,
  })

  for (const { reasons, cells } of outsideOf(heads))
    warnings.push(about(cells, `, outside the region of trust: ${reasons.join('; ')}`, 'with places'))

  const chance = heads.filter((cell) => cell.simulated?.halfWidthKind === 'chance')
  if (chance.length > 0)
    warnings.push({
      text: `${chance.length} simulated points carry intervals of chance alone, without the profile's covariance`,
      point: null,
    })

  const single = heads.filter((cell) => cell.simulated?.runs === 1)
  if (single.length > 0)
    warnings.push(about(single, ': one replication: nothing is known of chance, the interval is the calibration alone'))

  const processors = profile === null ? [] : otherProcessors(heads, profile)
  if (processors.length > 0)
    warnings.push({
      text: `measured on another machine than the profile's (${processors.join(', ')}; the profile: ${profile!.machine}): errors there compare machines, not the model with a kernel`,
      point: null,
    })

  const few = heads.filter((cell) => cell.measured && cell.measured.runs < LEAST_RUNS)
  if (few.length > 0) warnings.push(about(few, `: measured with fewer than ${LEAST_RUNS} runs, which state no interval`))

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

interface Outside {
  readonly reasons: readonly string[]
  readonly cells: readonly Cell[]
}

/** Cells outside the region of trust by reason; reasons that hold for the very same cells stand together. */
function outsideOf(cells: readonly Cell[]): Outside[] {
  const byReason = new Map<string, Cell[]>()
  for (const cell of cells)
    for (const reason of trustReasons(cell.simulated?.trust ?? null)) byReason.set(reason, [...(byReason.get(reason) ?? []), cell])
  const found: Outside[] = []
  for (const [reason, own] of byReason) {
    const same = found.findIndex((one) => one.cells.length === own.length && own.every((cell) => one.cells.includes(cell)))
    if (same < 0) found.push({ reasons: [reason], cells: own })
    else found[same] = { reasons: [...found[same]!.reasons, reason], cells: own }
  }
  return found
}

/** `socks, 1400 B; socks, 2 KiB`, or of many points `bridge and shared at 21 of 25 points, from 1025 B to 64 KiB; shared-4k at 8, from 4097 B to 64 KiB`. */
function pointsInWords(experiment: Experiment, cells: readonly Cell[], told: 'with places' | 'counted'): string {
  if (cells.length <= NAMED)
    return cells
      .map(({ model, flow, values }) => [model, placeOf(experiment, flow, values)].filter((part) => part !== '').join(', '))
      .join('; ')
  const groups = new Map<string, string[]>()
  for (const model of experiment.models) {
    const own = cells.filter((cell) => cell.model === model)
    if (own.length === 0) continue
    const all = cellsOf(experiment, model, cells)
    const places = told === 'counted' ? '' : fromTo([...new Set(own.map(({ flow, values }) => atOf(experiment, flow, values)))])
    const at = own.length === all ? (all === 1 ? '' : ` at all ${all} points`) : ` at ${own.length} of ${all} points${places}`
    groups.set(at, [...(groups.get(at) ?? []), model])
  }
  return [...groups]
    .map(([at, models]) => `${models.length === experiment.models.length ? 'every network model' : listed(models)}${at}`)
    .join('; ')
}

/** A model's points, once for each flow. */
function cellsOf({ points }: Experiment, model: string, cells: readonly Cell[]): number {
  return points.filter((point) => point.model === model).length * new Set(cells.map(({ flow }) => flow)).size
}

function fromTo(places: readonly string[]): string {
  if (places.length > 2) return `, from ${places[0]} to ${places.at(-1)}`
  return places[0] === '' ? '' : `, ${listed(places)}`
}
