/** A state simulated: the very functions of the command, so that rows and figures have the command's bytes. Uses no Node API. */
import { canonicalJson } from '../../experiments/canonical-json.js'
import { compareModels, type Pair } from '../../experiments/comparison.js'
import type { Experiment, Point } from '../../experiments/experiment.js'
import { type ReplicationRecord, recordReplication } from '../../experiments/replication-record.js'
import type { Row } from '../../experiments/rows.js'
import { type RunIdentity, runIdentity } from '../../experiments/run-id.js'
import { formatErrors, parseExperiment } from '../../experiments/schema/index.js'
import { type SimulatedPoint, simulatedRows } from '../../experiments/simulated-rows.js'
import { simulatedStages } from '../../experiments/simulated-stages.js'
import { mergeRows } from '../../experiments/store/merge-rows.js'
import type { StageRow } from '../../experiments/store/stages.js'
import { tracesOf } from '../../experiments/traces.js'
import { simulateReplication } from '../../models/index.js'
import type { Profile } from '../../models/profiles/profile.js'
import { type ReportFigure, reportFigures } from '../figures/report-figures.js'
import { prepareReport, type Report } from '../report.js'
import { changedProfile } from './changed-profile.js'
import { CHANGED, experimentText, PINNED, PROFILE_FILE } from './experiment-text.js'
import type { PlainMap } from './plain-document.js'
import type { Choices, WhatIfState } from './state.js'

/** What a page knows of the report that it belongs to. */
export interface WhatIfBase {
  /** The experiment's document with all that it extends, as plain data. */
  readonly document: PlainMap
  readonly profile: Profile
  /** What an experiment file's `profile` must say to name this profile; null where it need say nothing. */
  readonly profileKey: string | null
  readonly modelHash: string
}

export interface WhatIfRun {
  readonly text: string
  readonly experiment: Experiment
  /** Of the changed alternative. */
  readonly profile: Profile
  /** Both alternatives have one profile: the saved file alone says everything. */
  readonly isOneProfile: boolean
  readonly rows: readonly Row[]
  readonly stages: readonly StageRow[]
  readonly pairs: readonly Pair[]
  readonly report: Report
  /** Coefficients of the profile that the changed alternative was charged. */
  readonly charged: readonly string[]
  /** Messages simulated for this run, warm-up included; what was remembered is not counted. */
  readonly simulated: number
}

/** Replications of alternatives that were simulated lately, so that the pinned one is not simulated again with every move of a slider. */
export type Memory = Map<string, readonly ReplicationRecord[]>

const REMEMBERED = 12
const FILE = 'what-if.yaml'
/** A tenth of a run. */
const REHEARSED_MESSAGES = 100

/** @throws Error that says what is wrong with the state. */
export function runWhatIf(base: WhatIfBase, state: WhatIfState, memory: Memory = new Map()): WhatIfRun {
  const { text, experiment, ofPinned, ofChanged } = alternativesOf(base, state)
  const identityOfChanged = runIdentity(experiment, ofChanged, base.modelHash)
  const identityOfPinned = ofPinned === ofChanged ? identityOfChanged : runIdentity(experiment, ofPinned, base.modelHash)
  let simulated = 0
  const replicate = (point: Point, profile: Profile, identity: RunIdentity): SimulatedPoint => {
    const { seed, messages, warmUpMessages, profileHash } = identity
    const key = canonicalJson([point.scenario, profileHash, seed, messages, experiment.stop.replications])
    const records =
      memory.get(key) ??
      Array.from({ length: experiment.stop.replications }, (_, replication) => {
        simulated += messages + warmUpMessages
        return recordReplication(simulateReplication(point.scenario, profile, { seed, replication, messages, warmUpMessages }))
      })
    memory.delete(key)
    memory.set(key, records)
    for (const oldest of memory.keys()) if (memory.size > REMEMBERED) memory.delete(oldest)
    return { point, records }
  }

  const points = experiment.points.map((point) => {
    const profile = point.model === PINNED ? ofPinned : ofChanged
    const identity = point.model === PINNED ? identityOfPinned : identityOfChanged
    return { profile, identity, simulated: replicate(point, profile, identity) }
  })
  const rows = mergeRows(
    [],
    points.flatMap((one) => simulatedRows(experiment, one.simulated, one.profile, one.identity)),
  )
  const stages = points.flatMap((one) => simulatedStages(one.simulated, one.profile))
  const simulatedPoints = points.map((one) => one.simulated)
  const pairs = compareModels(simulatedPoints, PINNED, ofChanged)
  const report = prepareReport({
    experiment,
    rows,
    stages,
    profile: ofChanged,
    command: commandOf(),
    pairs,
  })
  const changed = points.find((one) => one.simulated.point.model === CHANGED)
  const charged = changed?.simulated.records.flatMap((record) => record?.flows.flatMap((flow) => Object.keys(flow.coefficientCounts)) ?? [])
  return {
    text,
    experiment,
    profile: ofChanged,
    isOneProfile: ofPinned === ofChanged,
    rows,
    stages,
    pairs,
    report,
    charged: [...new Set(charged)],
    simulated,
  }
}

interface Alternatives {
  readonly text: string
  readonly experiment: Experiment
  readonly ofPinned: Profile
  readonly ofChanged: Profile
}

/** @throws Error that says what is wrong with the state */
function alternativesOf(base: WhatIfBase, state: WhatIfState): Alternatives {
  const ofPinned = changedProfile(base.profile, state.pinned.costs)
  const isOneProfile = canonicalJson(state.pinned.costs) === canonicalJson(state.changed.costs)
  const ofChanged = isOneProfile ? ofPinned : changedProfile(base.profile, state.changed.costs)
  const text = experimentText(base.document, state, ofChanged === base.profile ? base.profileKey : PROFILE_FILE)
  const parsed = parseExperiment(text, FILE)
  if ('errors' in parsed) throw new Error(formatErrors(parsed.errors))
  return { text, experiment: parsed.experiment, ofPinned, ofChanged }
}

/** A short run of some choices that nobody sees: the browser compiles what their paths need before a change asks for it. @throws Error as a run does */
export function rehearse(base: WhatIfBase, choices: Choices): void {
  const { experiment } = alternativesOf(base, { seed: 0, pinned: choices, changed: choices })
  const { scenario } = experiment.points[0]!
  for (let replication = 0; replication < experiment.stop.replications; replication++)
    recordReplication(
      simulateReplication(scenario, base.profile, { seed: 0, replication, messages: REHEARSED_MESSAGES, warmUpMessages: 0 }),
    )
}

/** The figures of a run, as the command draws them: a traced message of each alternative splits the stages by direction. */
export function figuresOf({ report, experiment, profile }: WhatIfRun): ReportFigure[] {
  return reportFigures({ ...report, traces: tracesOf(experiment, profile) })
}

/** What makes these rows again, once the file is saved. */
export function commandOf(): string {
  return `npm run -s fairway -- run ${FILE}`
}
