/** Reads result folders for a comparison: replications of what was simulated, rows of what was measured. */
import { basename, resolve } from 'node:path'
import { compareModels, type Pair } from '../experiments/comparison.js'
import { compareMeasuredModels, compareMeasuredResults } from '../experiments/comparison-measured.js'
import { compareResults } from '../experiments/comparison-of-results.js'
import type { Experiment, PointValue } from '../experiments/experiment.js'
import { type RunStatistic, runStatistics } from '../experiments/replication-record.js'
import { type Result, readResult, readSimulatedPoints } from '../experiments/result.js'
import type { Row } from '../experiments/rows.js'
import type { SimulatedPoint } from '../experiments/simulated-rows.js'
import { readResults } from '../experiments/store/index.js'
import { placeOf } from '../reports/axes.js'
import { joinRows } from '../reports/cells.js'
import { verdictSentence } from '../reports/comparison-sentence.js'
import { listed } from '../reports/format/listed.js'
import type { Compared } from './format/comparison.js'
import { wrongUsage } from './refusal.js'

interface Read {
  readonly folder: string
  readonly result: Result
  readonly points: readonly SimulatedPoint[]
  /** Measured runs; a simulated point has its replications. */
  readonly rows: readonly Row[]
}

async function read(folder: string): Promise<Read> {
  let result: Result
  try {
    result = readResult(folder)
  } catch (error) {
    throw wrongUsage(error instanceof Error ? error.message : String(error))
  }
  const points = await readSimulatedPoints(result)
  const { rows } = await readResults(result.folder)
  return { folder, result, points, rows: runsShown(result.experiment, rows) }
}

/** Measured runs of the campaigns whose figures the report shows (another machine's never mix with them), in sweep order. */
function runsShown(experiment: Experiment, rows: readonly Row[]): Row[] {
  const keyOf = ({ point, flow, metric, statistic }: Row): string => JSON.stringify([point, flow, metric, statistic])
  const shown = new Map(
    joinRows(experiment, rows).cells.flatMap(({ measured }) => (measured ? [[keyOf(measured), measured.campaign] as const] : [])),
  )
  const place = new Map(experiment.points.map(({ id }, i) => [id, i]))
  return rows
    .filter((row) => row.source === 'measured' && row.level === 'run' && shown.get(keyOf(row)) === row.campaign && shown.has(keyOf(row)))
    .sort((a, b) => place.get(a.point)! - place.get(b.point)!)
}

/** Each network model of one result against its baseline; one comparison a source that has rows. */
export async function comparedByModel(folder: string, wanted: string | undefined, sources: readonly string[]): Promise<Compared[]> {
  const one = await read(folder)
  const { experiment, profile } = one.result
  const baseline = wanted ?? experiment.baseline ?? experiment.models[0]!
  if (!experiment.models.includes(baseline))
    throw wrongUsage(`--baseline: expected one of ${experiment.models.join(', ')}, got "${baseline}"`)
  const predicted = compareModels(one.points, baseline, profile)
  const place = (pair: Pair): string => placeOf(experiment, pair.flow, JSON.parse(pair.point) as Record<string, PointValue>)
  const describe = (pairs: readonly Pair[], source: string): Compared => ({
    experiment: experiment.name,
    title: `${experiment.name}, ${source}, against ${baseline}`,
    empty: `nothing to compare with ${baseline}: a comparison needs a second network model and two replications or runs`,
    pairs,
    place,
    sentence: (pair) => verdictSentence(pair, { place: place(pair), simulated: alike(predicted, pair) }),
  })
  const simulated = sources.includes('simulated') ? [describe(predicted, 'simulated')] : []
  const ofB = (pair: Pair): string => pointOf(experiment, pair.b, JSON.parse(pair.point) as Record<string, PointValue>)
  const measured = sources.includes('measured') ? inSweepOrder(experiment, compareMeasuredModels(one.rows, baseline), ofB) : []
  return [...simulated, ...(measured.length > 0 || simulated.length === 0 ? [describe(measured, 'measured')] : [])]
}

/** The other results against the first, at the points that both hold. */
export async function comparedByResult(folders: readonly string[], sources: readonly string[]): Promise<Compared[]> {
  const all = await Promise.all(folders.map(read))
  const [first, ...others] = all as [Read, ...Read[]]
  const names = namesOf(folders)
  const { experiment } = first.result
  const modelOf = (pair: Pair): string => (JSON.parse(pair.point) as { model?: string }).model ?? ''
  const place = (pair: Pair): string => {
    const { model: _, ...values } = JSON.parse(pair.point) as Record<string, PointValue>
    return placeOf(experiment, pair.flow, values)
  }
  const asCompared = ({ result, points }: Read, i: number) => ({
    name: names[i]!,
    seed: result.experiment.seed,
    profile: result.profile,
    points,
  })
  const predicted = compareResults(
    asCompared(first, 0),
    others.map((other, i) => asCompared(other, i + 1)),
  )
  const profiles = all.map(({ result }) => result.profile.name)
  const isOneProfile = new Set(profiles).size === 1
  const named = names.map((name, i) => (isOneProfile ? name : `${name} (profile ${profiles[i]})`))
  const describe = (pairs: readonly Pair[], source: string): Compared => ({
    experiment: experiment.name,
    title: `${experiment.name}, ${source}: ${listed(named.slice(1))} against ${named[0]}`,
    empty: `${names.join(' and ')} have no point in common that was simulated or measured at least twice`,
    pairs,
    place: (pair) => [modelOf(pair), place(pair)].filter((part) => part !== '').join(', '),
    sentence: (pair) => verdictSentence(pair, { place: place(pair), model: modelOf(pair), simulated: alike(predicted, pair) }),
  })
  const asRows = ({ rows }: Read, i: number) => ({ name: names[i]!, rows })
  const simulated = sources.includes('simulated') ? predicted : []
  const measured = sources.includes('measured')
    ? compareMeasuredResults(
        asRows(first, 0),
        others.map((other, i) => asRows(other, i + 1)),
      )
    : []
  // Two results that lay the same campaign beside their predictions have nothing to compare in it.
  const differing = inSweepOrder(
    experiment,
    measured.filter(({ difference, halfWidth }) => difference !== 0 || halfWidth !== 0),
    ({ point }) => point,
  )
  const found = [
    ...(simulated.length > 0 ? [describe(simulated, 'simulated')] : []),
    ...(differing.length > 0 ? [describe(differing, 'measured')] : []),
  ]
  return found.length > 0 ? found : [describe([], sources.join(' or '))]
}

/** The id of a model's point with these values; empty where the experiment has none. */
function pointOf({ points }: Experiment, model: string, values: Readonly<Record<string, PointValue>>): string {
  const entries = Object.entries(values)
  return points.find((point) => point.model === model && entries.every(([key, value]) => point.values[key] === value))?.id ?? ''
}

/** As simulated pairs stand: point by point as the sweep has them, medians before tails. */
function inSweepOrder(experiment: Experiment, pairs: readonly Pair[], pointIdOf: (pair: Pair) => string): Pair[] {
  const places = new Map(experiment.points.map(({ id }, i) => [id, i]))
  const keyed = pairs.map((pair) => ({
    pair,
    place: places.get(pointIdOf(pair)) ?? places.size,
    statistic: runStatistics.indexOf(pair.statistic as RunStatistic),
  }))
  const inWords = ({ flow, metric }: Pair): string => `${flow} ${metric}`
  keyed.sort(
    (a, b) =>
      a.place - b.place || (inWords(a.pair) < inWords(b.pair) ? -1 : inWords(a.pair) > inWords(b.pair) ? 1 : a.statistic - b.statistic),
  )
  return keyed.map(({ pair }) => pair)
}

/** What was predicted of what this measured pair compares. */
function alike(predicted: readonly Pair[], pair: Pair): Pair | undefined {
  if (pair.source === 'simulated') return undefined
  const keys = ['a', 'b', 'point', 'flow', 'metric', 'statistic'] as const
  return predicted.find((one) => keys.every((key) => one[key] === pair[key]))
}

/** Folders by their last name where that tells them apart. */
function namesOf(folders: readonly string[]): string[] {
  const short = folders.map((folder) => basename(resolve(folder)))
  return new Set(short).size === folders.length ? short : [...folders]
}
