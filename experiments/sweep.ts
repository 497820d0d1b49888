/** From a document to its points: the cartesian product of the sweep, each point the base with a network model's differences and its values. */
import type { Scenario } from '../models/topology/scenario.js'
import type { DefaultInForce, Experiment, Point, PointValue, StopRule } from './experiment.js'
import { checkMeaning, checkRoutes, overlayWarnings } from './schema/checks/index.js'
import { asDifference, documentSchema, type ExperimentDocument, SCENARIO_KEYS } from './schema/document.js'
import { type DraftDocument, type Site, siteOf } from './schema/draft.js'
import { type ExperimentError, errorAt, sortedOnce } from './schema/errors.js'
import { MAX_ERRORS, MAX_POINTS, MAX_READ_VALUES } from './schema/limits.js'
import { child, countNodes, joinPath, type LocatedNode, type MapNode, type Path, type Place } from './schema/located.js'
import { merge, setAt, without } from './schema/merge.js'
import * as messages from './schema/messages.js'
import { type AppliedDefault, isName, type Memory, readBySchema } from './schema/read.js'
import { conditionalDefaults, isInForce, toScenario } from './schema/scenario.js'
import { type Lacking, lackingFor, sweptPath } from './schema/sweep-keys.js'
import { describeNode } from './schema/words.js'

/** The network model of a file that names none. */
export const ONLY_MODEL = 'base'

/** One key of the sweep with its values as they stand in the file. */
interface Axis {
  readonly key: string
  readonly place: Place
  readonly path: Path
  readonly values: readonly LocatedNode[]
}

interface Model {
  readonly name: string
  readonly tree: MapNode
}

export type Expansion = { readonly experiment: Experiment } | { readonly errors: readonly ExperimentError[] }

const differenceSchema = asDifference(documentSchema)

/** Checks a whole document, every network model and every point of it. */
export function expand(root: MapNode, question: string, earlier: readonly ExperimentError[] = []): Expansion {
  const errors = [...earlier]
  // The file as it stands first: what is wrong in it must be said even where every model or sweep overrules it.
  errors.push(...readBySchema(differenceSchema, root).errors)
  const models = modelsOf(root)
  const axes = axesOf(root, models, errors)
  const combinations = axes.reduce((product, axis) => product * axis.values.length, 1)
  const tooMany = sizeError(root, models, combinations)
  if (tooMany !== null) return { errors: sortedOnce([...errors, tooMany]) }

  const points: Point[] = []
  const warnings: ExperimentError[] = []
  const defaults = new Map<string, AppliedDefault & { readonly models: Set<string> }>()
  const read = new Map<LocatedNode, PointValue>()
  const swept = new Set<string>()
  const memory: Memory = new WeakMap()
  for (const chosen of combine(axes)) {
    const model = modelAt(chosen, models)
    if (model === undefined) continue
    swept.add(model.name)
    const result = readPoint(model, chosen, memory, errors)
    if (result === null) {
      if (errors.length > MAX_ERRORS) break
      continue
    }
    points.push(result.point)
    warnings.push(...result.warnings)
    for (const [axis, node] of chosen) read.set(node, result.point.values[axis.key]!)
    for (const applied of result.defaults) {
      const id = `${applied.path} ${applied.value}`
      const entry = defaults.get(id) ?? { ...applied, models: new Set<string>() }
      entry.models.add(model.name)
      defaults.set(id, entry)
    }
  }
  for (const model of models) if (!swept.has(model.name) && errors.length <= MAX_ERRORS) readPoint(model, firstOf(axes), memory, errors)
  errors.push(...axes.flatMap((axis) => [...repeatedValues(axis, read), ...lackingErrors(axis, models)]))

  const whole = readBySchema(documentSchema, root)
  const head = whole.value as DraftDocument | undefined
  errors.push(...whole.errors.filter((error) => !SCENARIO_KEYS.includes(sectionOf(error))))
  errors.push(...headErrors(root, head, models, swept))
  if (errors.length > 0) return { errors: sortedOnce(errors) }
  const document = head as ExperimentDocument
  return {
    experiment: {
      name: document.name,
      question,
      profile: document.profile ?? null,
      seed: document.seed,
      stop: stopRule(document.stop),
      baseline: document.baseline ?? null,
      report: document.report,
      models: models.map((model) => model.name),
      points,
      defaults: inForce(whole.defaults, defaults, swept.size),
      warnings: sortedOnce(warnings),
    },
  }
}

/** Each network model's document: the base with what differs merged into it. */
function modelsOf(root: MapNode): Model[] {
  const declared = child(root, 'models')
  const base = without(root, ['models', 'sweep', 'extends'])
  if (declared?.kind !== 'map' || declared.entries.size === 0) return [{ name: ONLY_MODEL, tree: base }]
  return [...declared.entries]
    .filter(([name]) => isName(name))
    .map(([name, { node }]) => ({ name, tree: node.kind === 'map' ? (merge(base, scenarioPart(node)) as MapNode) : base }))
}

/** Keys that a model may not change have their message from the schema; here they are left out. */
function scenarioPart(node: MapNode): MapNode {
  return { ...node, entries: new Map([...node.entries].filter(([key]) => SCENARIO_KEYS.includes(key))) }
}

/** The sweep's keys with their values; without `model` every network model is swept, slowest of all. */
function axesOf(root: MapNode, models: readonly Model[], errors: ExperimentError[]): Axis[] {
  const axes: Axis[] = []
  const sweep = child(root, 'sweep')
  const declared = child(root, 'models')
  const hasModels = declared?.kind === 'map' && declared.entries.size > 0
  const names = hasModels ? models.map((model) => model.name) : []
  for (const [key, { key: place, node }] of sweep?.kind === 'map' ? sweep.entries : []) {
    if (node.kind !== 'list' || node.items.length === 0) continue
    if (key === 'model') {
      axes.push({ key, place, path: [], values: node.items })
      for (const item of node.items) {
        if (item.kind === 'scalar' && item.value !== null && !names.includes(String(item.value)))
          errors.push(errorAt(item, item.path, messages.unknownName('network model', String(item.value), names)))
      }
      continue
    }
    const swept = sweptPath(key)
    if ('path' in swept) axes.push({ key, place, path: swept.path, values: node.items })
    else errors.push(errorAt(place, joinPath('sweep', key), swept))
  }
  if (!hasModels || axes.some((axis) => axis.key === 'model')) return axes
  const values = models.map(({ name, tree }): LocatedNode => ({ ...tree, kind: 'scalar', value: name, source: name }))
  return [{ key: 'model', place: root, path: [], values }, ...axes]
}

function sizeError(root: MapNode, models: readonly Model[], points: number): ExperimentError | null {
  const at = child(root, 'sweep') ?? root
  if (points > MAX_POINTS) return errorAt(at, 'sweep', messages.tooManyPoints(points))
  const values = Math.max(0, ...models.map((model) => countNodes(model.tree)))
  return (points + models.length) * values > MAX_READ_VALUES
    ? errorAt(at, 'sweep', messages.tooMuchToRead(points, models.length, values))
    : null
}

type Choice = readonly (readonly [Axis, LocatedNode])[]

/** Every combination, the first axis slowest. */
function* combine(axes: readonly Axis[]): Generator<Choice> {
  const [axis, ...rest] = axes
  if (axis === undefined) {
    yield []
    return
  }
  for (const value of axis.values) for (const below of combine(rest)) yield [[axis, value], ...below]
}

function firstOf(axes: readonly Axis[]): Choice {
  return axes.filter((axis) => axis.key !== 'model').map((axis) => [axis, axis.values[0]!] as const)
}

function modelAt(chosen: Choice, models: readonly Model[]): Model | undefined {
  const node = chosen.find(([axis]) => axis.key === 'model')?.[1]
  if (node === undefined) return models[0]
  return node.kind === 'scalar' ? models.find((model) => model.name === node.value) : undefined
}

interface ReadPoint {
  readonly point: Point
  readonly defaults: readonly AppliedDefault[]
  readonly warnings: readonly ExperimentError[]
}

/** Sets the swept values, reads the result and checks what it means; null where that leaves mistakes. */
function readPoint(model: Model, chosen: Choice, memory: Memory, errors: ExperimentError[]): ReadPoint | null {
  let tree: LocatedNode = model.tree
  const before = errors.length
  let isComplete = true
  for (const [axis, value] of chosen) {
    if (axis.key === 'model' || value.kind !== 'scalar') continue
    isComplete &&= lackingFor(tree, axis.path) === null
    if (lackingFor(tree, axis.path) === null) tree = setAt(tree, axis.path, value)
  }
  const reading = readBySchema(documentSchema, tree, memory)
  const site = siteOf((reading.value ?? {}) as DraftDocument, tree)
  errors.push(...reading.errors, ...checkMeaning(site))
  if (!isComplete || errors.length > before || chosen.some(([, value]) => value.kind !== 'scalar')) return null
  const document = reading.value as ExperimentDocument
  const scenario = toScenario(document, site)
  errors.push(...checkRoutes(site, scenario))
  return errors.length > before ? null : finish(model, chosen, document, scenario, site, reading.defaults)
}

function finish(
  model: Model,
  chosen: Choice,
  document: ExperimentDocument,
  scenario: Scenario,
  site: Site,
  applied: readonly AppliedDefault[],
): ReadPoint {
  const values = Object.fromEntries(
    chosen
      .map(([axis]): [string, PointValue] => [axis.key, axis.key === 'model' ? model.name : valueAt(document, axis.path)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
  const ofScenario = applied.filter((each) => SCENARIO_KEYS.includes(sectionOf(each)) && isInForce(each, scenario))
  const defaults = [...ofScenario, ...conditionalDefaults(document, scenario)]
  return { point: { values, id: JSON.stringify(values), model: model.name, scenario }, defaults, warnings: overlayWarnings(site) }
}

/** A value in base units; half-read documents never come here. */
function valueAt(document: unknown, path: Path): PointValue {
  return path.reduce<unknown>((value, part) => (value as Record<string | number, unknown>)[part], document) as PointValue
}

/** `1 KiB` and `1024 B` are one value: the second is a mistake. */
function repeatedValues(axis: Axis, read: ReadonlyMap<LocatedNode, PointValue>): ExperimentError[] {
  const seen = new Set<PointValue>()
  return axis.values.flatMap((node) => {
    const value = read.get(node) ?? (node.kind === 'scalar' ? node.value : null)
    if (value === null) return []
    if (seen.has(value)) return [errorAt(node, node.path, messages.sweptTwice(describeNode(node)))]
    seen.add(value)
    return []
  })
}

/** Network models whose document lacks what an axis sets, in one message. */
function lackingErrors(axis: Axis, models: readonly Model[]): ExperimentError[] {
  const lacking = models.flatMap((model): (Lacking & { model: string })[] => {
    const found = axis.key === 'model' ? null : lackingFor(model.tree, axis.path)
    return found === null ? [] : [{ ...found, model: model.name }]
  })
  const [first] = lacking
  if (first === undefined) return []
  const without = lacking.length === models.length ? [] : lacking.map(({ model }) => model)
  const names = [...new Set(lacking.flatMap((each) => each.names))]
  return [errorAt(axis.place, joinPath('sweep', axis.key), messages.sweepNothingThere(first.kind, first.name, names, without))]
}

/** What concerns the experiment as a whole: the baseline and the stopping rule. */
function headErrors(
  root: MapNode,
  head: DraftDocument | undefined,
  models: readonly Model[],
  swept: ReadonlySet<string>,
): ExperimentError[] {
  const errors: ExperimentError[] = []
  const baseline = child(root, 'baseline')
  const names = models.map((model) => model.name)
  if (head?.baseline !== undefined && baseline !== undefined) {
    if (!names.includes(head.baseline))
      errors.push(errorAt(baseline, baseline.path, messages.unknownName('network model', head.baseline, names)))
    else if (!swept.has(head.baseline) && swept.size > 0)
      errors.push(errorAt(baseline, baseline.path, messages.baselineNotSwept(head.baseline, [...swept])))
  }
  const atMost = child(child(root, 'stop'), 'at-most')
  const { replications, 'at-most': most } = head?.stop ?? {}
  if (atMost !== undefined && replications !== undefined && most !== undefined && most < replications)
    errors.push(errorAt(atMost, atMost.path, messages.atMostBelowReplications(replications, most)))
  return errors
}

function stopRule(stop: ExperimentDocument['stop']): StopRule {
  const halfWidth = stop['half-width'] ?? null
  return {
    replications: stop.replications,
    messages: stop.messages,
    halfWidth,
    atMost: stop['at-most'] ?? (halfWidth === null ? 1 : 4) * stop.replications,
  }
}

function inForce(
  head: readonly AppliedDefault[],
  scenario: ReadonlyMap<string, AppliedDefault & { readonly models: ReadonlySet<string> }>,
  models: number,
): DefaultInForce[] {
  const whole = head.filter((each) => !SCENARIO_KEYS.includes(sectionOf(each)))
  return [
    ...whole.map((applied): DefaultInForce => ({ ...applied, models: null })),
    ...[...scenario.values()].map(
      (entry): DefaultInForce => ({ ...entry, models: entry.models.size === models ? null : [...entry.models] }),
    ),
  ]
}

/** `networks` of `networks.net.mtu`. */
function sectionOf({ path }: { readonly path: string }): string {
  return path.split(/[.[]/)[0]!
}
