/** Stages that an experiment's paths cross and that a profile has no numbers for. */
import { coefficientNames, type Profile, type Scenario } from '../models/index.js'
import { httpOf, RELAY_PROGRAMS } from '../models/proxies/programs.js'
import { socketCreate, tcpAccept, tcpClose, tcpConnect } from '../models/stages/connection.js'
import { controlGroupSchedule } from '../models/stages/control-group.js'
import { httpClient, httpServer } from '../models/stages/http.js'
import { instrumentServerOwn } from '../models/stages/instrument.js'
import { seccompFilter } from '../models/stages/seccomp.js'
import { streamCold, streamSelect, streamSend } from '../models/stages/stream.js'
import { unixReceive, unixTransmit } from '../models/stages/unix.js'
import { type LegEnd, legsOf } from '../models/topology/legs.js'
import { connects, isUnix, startOf } from '../models/topology/scenario.js'
import { chargesOfStart } from '../models/workloads/start-steps.js'
import type { Experiment } from './experiment.js'

export interface Uncalibrated {
  readonly model: string
  /** Names of stages, in the order of the laws. */
  readonly stages: readonly string[]
}

/** The network models with such a stage on a path of any of their points. */
export function uncalibrated(experiment: Experiment, profile: Profile): readonly Uncalibrated[] {
  return experiment.models.flatMap((model): Uncalibrated[] => {
    const points = experiment.points.filter((point) => point.model === model)
    const stages = [...new Set(points.flatMap(({ scenario }) => unknownStages(scenario, profile)))]
    return stages.length === 0 ? [] : [{ model, stages }]
  })
}

/** The stages on a scenario's paths that the profile has no numbers for. */
export function unknownStages(scenario: Scenario, profile: Profile): readonly string[] {
  const known = new Set(profile.coefficients.map(({ name }) => name))
  const unknown = [...new Set(coefficientNames.filter((name) => !known.has(name)).map(stageOf))]
  if (unknown.length === 0) return []
  if (startOf(scenario) !== undefined) {
    const charged = new Set(chargesOfStart(scenario).map(({ law }) => law.stage))
    return unknown.filter((stage) => charged.has(stage))
  }
  const isConnecting = connects(scenario)
  const crossed = new Set([
    ...(isConnecting ? CONNECTION_STAGES : []),
    ...Object.values(scenario.flows).flatMap((flow) => [
      ...(isUnix(flow.transport) ? UNIX_STAGES : []),
      ...(flow.workload.kind === 'stream' ? STREAM_STAGES : []),
      ...(flow.workload.kind === 'http' ? HTTP_STAGES : []),
      ...legsOf(scenario, flow).flatMap(({ near, far, there, back }) => [
        ...[...there.crossings, ...back.crossings].map(({ law }) => law.stage),
        ...stagesOfEnd(near, isConnecting),
        ...stagesOfEnd(far, isConnecting),
      ]),
    ]),
  ])
  return unknown.filter((stage) => crossed.has(stage))
}

/** What a message over a Unix-domain socket pays in place of a transport's and a network's stages. */
export const UNIX_STAGES: readonly string[] = [unixTransmit, unixReceive, instrumentServerOwn].map(({ stage }) => stage)

/** What a message with a connection of its own pays beside. */
const CONNECTION_STAGES: readonly string[] = [socketCreate, tcpConnect, tcpAccept, tcpClose, instrumentServerOwn].map(({ stage }) => stage)

/** What a stream's programs and bytes pay beside. */
const STREAM_STAGES: readonly string[] = [streamSelect, streamSend, streamCold].map(({ stage }) => stage)

/** What a request's programs pay beside. */
const HTTP_STAGES: readonly string[] = [httpClient, httpServer].map(({ stage }) => stage)

/** What a process pays beside what all of them do. */
function stagesOfEnd({ filter, isGrouped, proxy }: LegEnd, isConnecting: boolean): string[] {
  return [
    ...(filter === undefined ? [] : [seccompFilter.stage]),
    ...(isGrouped ? [controlGroupSchedule.stage] : []),
    ...(proxy === undefined ? [] : [RELAY_PROGRAMS[proxy.program].law.stage]),
    ...(proxy === undefined ? [] : [httpOf(proxy)?.stage ?? []].flat()),
    ...(proxy !== undefined && isConnecting ? [RELAY_PROGRAMS[proxy.program].serves.stage] : []),
  ]
}

/** `ip.forward` of `ip.forward.perPacketNs`. */
const stageOf = (coefficient: string): string => coefficient.slice(0, coefficient.lastIndexOf('.'))
