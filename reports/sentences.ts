/** The sentences that a report writes from its rows: the answer, and how far it may be trusted. */
import { ONLY_MODEL } from '../experiments/sweep.js'
import type { AddedStage, Cure, Findings, Loads, ModelFinding, Stall } from './findings.js'
import { estimate, percent } from './format/estimate.js'
import { listed } from './format/listed.js'
import { duration, timeInWords } from './format/units.js'
import type { Report } from './report.js'
import type { WorkloadEvidence } from './trust.js'

/** From here on a ratio says more than a difference. */
const TIMES_FROM = 2.5
/** Digits of a stage's cost, so that one that is just beyond its interval does not read as if it were within: 1.1 ± 1.0, not 1 ± 1. */
export const DIGITS_OF_STAGES = 2
/** Stages named for one model, and where many models are explained: the figure beside the sentence has the others. */
const STAGES_NAMED = 2
const STAGES_NAMED_OF_MANY = 1
const MANY = 3
const PLACES_NAMED = 3

/** What each model costs in one panel, which steps its sizes have or which of them stall, and what does not. `unit` is `us` on a terminal and `µs` elsewhere. */
export function answerSentence(report: Report, findings: Findings, unit: string): string {
  return [
    costSentence(report, findings, unit),
    ...loadSentence(findings),
    ...endSentence(findings, unit),
    ...stepSentence(findings, unit),
    ...stallSentence(findings, unit),
  ].join(' ')
}

function costSentence(report: Report, { models, at, panel, across }: Findings, unit: string): string {
  const base = models.find((finding) => finding.model === report.baseline) ?? models[0]!
  const others = models.filter((finding) => finding !== base)
  const place = [panel === '' ? '' : `with ${panel}`, at === '' ? '' : `at ${at}`].filter((part) => part !== '').join(' ')
  // A file without models has one all the same, whose name the reader never wrote.
  const name = base.model === ONLY_MODEL && others.length === 0 ? 'a message' : base.model
  const own = `${name} takes ${timeInWords(base.value.value, base.value.halfWidth, unit)}`
  const parts = others.map((finding) => againstBase(finding, base.model, unit))
  return sentence([`${place === '' ? '' : `${place} `}${own}${acrossWords(across, unit)}`, ...parts].join('; '))
}

/** `, 0.26 ± 0.04 us more than with engine netns`. */
function acrossWords(across: Findings['across'], unit: string): string {
  if (across === null) return ''
  const { value, halfWidth } = across.difference
  if (halfWidth !== null && Math.abs(value) <= halfWidth) return `, as with ${across.panel}`
  return `, ${timeInWords(Math.abs(value), halfWidth, unit)} ${value > 0 ? 'more' : 'less'} than with ${across.panel}`
}

/** `Response time turns up beyond 200 k/s in overlay (measured: beyond 150 k/s); within 250 k/s it does not in shared and bridge.` */
function loadSentence({ loads }: Findings): string[] {
  if (loads === null) return []
  const { models, most } = loads
  const beyond = (knee: string | null): string => (knee === null ? `not within ${most}` : `beyond ${knee}`)
  const named = ({ model, measured }: Loads['models'][number]): string =>
    measured === undefined ? model : `${model} (measured: ${beyond(measured)})`
  const within = (knee: string | null): string => listed(models.filter((one) => one.knee === knee).map(named))
  const places = [...new Set(models.flatMap(({ knee }) => knee ?? []))]
  if (places.length === 0) return [sentence(`within ${most} response time does not turn up in ${within(null)}`)]
  const others = within(null)
  const turning = places.map((place) => `beyond ${place} in ${within(place)}`)
  return [sentence(`response time turns up ${listed(turning)}${others === '' ? '' : `; within ${most} it does not in ${others}`}`)]
}

/** What becomes of it at the other end of the axis. Where some sizes stall, those are the news. */
function endSentence({ last, stalls }: Findings, unit: string): string[] {
  if (last === null || stalls.length > 0) return []
  const words = last.models.map(({ model, value }) => `${model} takes ${timeInWords(value.value, value.halfWidth, unit)}`)
  return [sentence(`at ${last.at} ${words.join('; ')}`)]
}

/** What one more byte costs where it begins another packet. Beside a stall a step is nothing. */
function stepSentence({ steps, stalls }: Findings, unit: string): string[] {
  if (steps.length === 0 || stalls.length > 0) return []
  const words = steps.map(({ model, beyond, difference }, i) => {
    const amount = timeInWords(difference.value, difference.halfWidth, unit)
    return i === 0 ? `the first byte beyond ${beyond} adds ${amount} in ${model}` : `beyond ${beyond} ${amount} in ${model}`
  })
  return [sentence(words.join(', '))]
}

function stallSentence({ stalls, cure }: Findings, unit: string): string[] {
  if (stalls.length === 0) return []
  const phrases = stalls.map((stall, i) => stallPhrase(stall, i === 0 ? 'stalls for a timer' : 'stalls'))
  return [sentence([...phrases, ...(cure === null ? [] : [curePhrase(cure, unit)])].join('; '))]
}

/** `quick-ack and no-delay never do: where bridge stalls, they take 35 us to 1.0 ms`. */
function curePhrase({ models, stalling, leastNs, mostNs }: Cure, unit: string): string {
  const [does, they] = models.length === 1 ? ['does', `${models[0]} takes`] : ['do', 'they take']
  return `${listed(models)} never ${does}: where ${stalling} stalls, ${they} ${rangeWords(leastNs, mostNs, unit)}`
}

/** `30.8 to 44.0 ms`. */
function rangeWords(leastNs: number, mostNs: number, unit: string): string {
  const [least, most] = [duration(leastNs), duration(mostNs)].map((words) => words.replace('us', unit)) as [string, string]
  if (least === most) return least
  const unitOf = (words: string): string => words.slice(words.indexOf(' '))
  return `${unitOf(least) === unitOf(most) ? least.slice(0, least.indexOf(' ')) : least} to ${most}`
}

function againstBase({ model, difference, ratio }: ModelFinding, base: string, unit: string): string {
  if (!difference || !ratio) return `${model} could not be compared`
  if (difference.halfWidth !== null && Math.abs(difference.value) <= difference.halfWidth) {
    if (difference.value === 0) return `${model} takes the same`
    return `${model} does not differ from ${base} (${timeInWords(difference.value, difference.halfWidth, unit)})`
  }
  if (ratio.value >= TIMES_FROM) return `${model} costs ${estimate(ratio.value, ratio.halfWidth)} times as much`
  const amount = timeInWords(Math.abs(difference.value), difference.halfWidth, unit)
  return difference.value > 0 ? `${model} adds ${amount}` : `${model} saves ${amount}`
}

function stallPhrase({ model, places, measuredOnly, simulatedOnly, of, leastNs, mostNs, directions }: Stall, stalls: string): string {
  const named = (some: readonly string[]): string => {
    const listedPlaces = some.length <= PLACES_NAMED ? listed(some) : `${some.length} of ${of} points, from ${some[0]} to ${some.at(-1)}`
    return listedPlaces === '' ? '' : ` at ${listedPlaces}`
  }
  const range = rangeWords(leastNs, mostNs, 'us')
  const wait = directions.length === 0 ? range : `${range}; measured: ${directions.join(', or ')}`
  if (places.length === 0) return `${model} ${stalls}${named(measuredOnly)} (${wait}) as measured, which the simulation misses`
  const parts = [
    `${model} ${stalls}${named(places)} (${wait})`,
    ...(measuredOnly.length > 0 ? [`as measured${named(measuredOnly)} too, which the simulation misses`] : []),
    ...(simulatedOnly.length > 0 ? [`not${named(simulatedOnly)} as measured`] : []),
  ]
  return parts.join(', ')
}

/** The models of which `whereSentence` speaks, in its order: those that take more than the baseline, then those that take less. */
export function explained({ models }: Findings): { readonly adding: readonly ModelFinding[]; readonly saving: readonly ModelFinding[] } {
  // What is not shown to differ has nothing to be explained.
  const differs = ({ difference }: ModelFinding): boolean =>
    difference?.halfWidth == null || Math.abs(difference.value) > difference.halfWidth
  const known = models.filter((one) => differs(one) && (one.stages.length > 0 || one.waits !== null))
  const saves = ({ stages, waits }: ModelFinding): boolean => waits === null && stages[0]!.us < 0
  return { adding: known.filter((finding) => !saves(finding)), saving: known.filter(saves) }
}

/** Where what each model adds is spent, and what those save that take less; null where no stages were kept. */
export function whereSentence(findings: Findings, unit: string): string | null {
  if (findings.largest.length > 0) {
    const most = findings.largest.slice(0, STAGES_NAMED).map((stage) => stageWords(stage, unit))
    return sentence(`most of it goes to ${most.join(' and ')}`)
  }
  const { adding, saving } = explained(findings)
  const named = (finding: ModelFinding): string =>
    namedStages(findings, finding)
      .map((stage) => stageWords(stage, unit))
      .join(' and ')
  const added = adding.map(
    (finding) => `to ${finding.waits === null ? named(finding) : `waiting for ${finding.waits}`} in ${finding.model}`,
  )
  const saved = saving.map((finding) => `${named(finding)} in ${finding.model}`)
  const parts = [
    ...(added.length === 0 ? [] : [`what is added goes most ${added.join(', ')}`]),
    ...(saved.length === 0 ? [] : [`what is saved is most ${saved.join(', ')}`]),
  ]
  return parts.length === 0 ? null : sentence(`${findings.panel === '' ? '' : `with ${findings.panel} `}${parts.join('; ')}`)
}

/** The stages that `whereSentence` names of a model. */
export function namedStages(findings: Findings, { stages, waits }: ModelFinding): readonly AddedStage[] {
  const { adding, saving } = explained(findings)
  const most = adding.length + saving.length < MANY ? STAGES_NAMED : STAGES_NAMED_OF_MANY
  return waits === null ? stages.slice(0, most) : []
}

/** `vxlan.encapsulate (1.24 ± 0.05 µs)`: how much more, or how much less. */
export function stageWords({ stage, us, halfUs }: AddedStage, unit: string): string {
  return `${stage} (${timeInWords(Math.abs(us), halfUs, unit, DIGITS_OF_STAGES)})`
}

/** What the points of each kind of workload are called. */
export const workloadWords: Readonly<Record<WorkloadEvidence['workload'], string>> = {
  'ping-pong': 'messages one at a time',
  'open-loop': 'messages under load',
  connect: 'connections',
  stream: 'streams',
  start: 'starts',
  http: 'requests of HTTP',
}

/** How far predictions lay from measurements that the fit never saw, for each kind of workload: of these rows if they hold any, else of the profile. */
export function trustSentence({ evidence }: Report): string {
  return evidence.map((one) => `${evidence.length > 1 ? `${workloadWords[one.workload]}: ` : ''}${trustOfWorkload(one)}`).join('; ')
}

function trustOfWorkload(evidence: WorkloadEvidence): string {
  const { own, ofProfile, workload } = evidence
  const known = own ?? ofProfile
  const words = workloadWords[workload]
  if (!known) return `no prediction of this profile was compared with held-out ${words} yet; \`fairway validate\` does it`
  const repeats = known.repeatability
  const baselines = baselineWords(evidence, 1)
  const whose = own === null ? `nothing held out here; of ${words}, the whole profile ` : ''
  const parts = [
    `${whose}held out ${known.points === 1 ? '1 point' : `${known.points} points`}: median error ${percent(known.medianError)}, worst ${percent(known.worstError)} (${known.worstPoint})`,
    ...apartWords(own),
    ...(repeats === null ? [] : [`measurement repeats to ${percent(repeats)}`]),
    ...(baselines === '' ? [] : [baselines]),
  ]
  return parts.join('; ')
}

/** The held-out points that no headline counts. */
export function apartWords(errors: WorkloadEvidence['own']): string[] {
  if (!errors?.apart) return []
  const { points, worstError, worstPoint, messages } = errors.apart
  const which = points === 1 ? '1 more lies outside the region of trust and errs' : `${points} more lie outside the region of trust and err`
  const unlike =
    messages === null ? '' : `: runs of ${counted(messages.simulated)} messages simulated, of ${counted(messages.measured)} measured`
  return [`${which} by ${points === 1 ? '' : 'up to '}${percent(worstError)} (${worstPoint}${unlike})`]
}

/** How far one errs without a simulation, and with it, over the profile's held-out points: the linear sum first. Empty where nothing is known. */
export function baselineWords({ ofProfile }: WorkloadEvidence, most: number): string {
  if (!ofProfile?.baselines) return ''
  const { linear, nearest } = ofProfile.baselines
  const known = [
    ['a linear sum', linear],
    ['the nearest measured path', nearest],
  ] as const
  const erring = known.flatMap(([name, error]) => (error === null ? [] : [`${name} errs by ${percent(error)}`])).slice(0, most)
  if (erring.length === 0) return ''
  return `${erring.join(', ')} over the profile's ${ofProfile.points} held-out points, the simulation by ${percent(ofProfile.medianError)}`
}

/** What the intervals hold, for captions and first screens. */
export function intervalWords(report: Report): string {
  const kinds = new Set(report.cells.flatMap((cell) => (cell.simulated ? [cell.simulated.halfWidthKind] : [])))
  const level = report.cells.find((cell) => cell.simulated?.confidence)?.simulated?.confidence ?? null
  if (level === null || (kinds.size === 1 && kinds.has(null))) return 'no intervals'
  const what = kinds.has('chance') ? 'chance alone' : 'chance + calibration'
  return `${percent(level, { decimals: 0 })} intervals: ${what}`
}

const counted = (messages: number): string => messages.toLocaleString('en-US')

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
