/** `explain --prove`: the paths of an experiment, built and held against the kernel. */
import type { Experiment } from '../experiments/experiment.js'
import type { FlowProof, Unprovable } from '../experiments/testbed/prove/index.js'
import type { Profile } from '../models/profiles/profile.js'
import { type ExitCode, exitCode } from './exit-code.js'
import { describeProof, summaryOf } from './format/proof.js'
import { onInterruption } from './interruption.js'
import { Refusal } from './refusal.js'
import type { Screen } from './screen.js'

export async function proveExperiment(screen: Screen, experiment: Experiment, profile: Profile, waitSeconds: number): Promise<ExitCode> {
  const { missingForMeasuring } = await import('../experiments/testbed/doctor.js')
  const missing = await missingForMeasuring()
  if (missing !== null) throw new Refusal(exitCode.machine, `explain --prove: ${missing}; see fairway doctor`)
  const results = await proven(screen, experiment, profile, waitSeconds)
  const proofs = results.flatMap((result) => ('reason' in result ? [] : result))
  const unprovable = results.filter((result): result is Unprovable => 'reason' in result)
  screen.print([experiment.question, ...proofs.map(describeProof), summaryOf(proofs)].join('\n\n'))
  for (const { model, reason } of unprovable) screen.error(`not provable here: ${model}: ${reason}`)
  screen.document({
    experiment: experiment.name,
    profile: profile.name,
    paths: proofs.flatMap(({ model, point, paths }) => paths.map((path) => ({ ...path, model, point }))),
    proofs: proofs.map(({ paths, ...proof }) => proof),
    notProvable: unprovable,
  })
  return exitCodeOf(proofs)
}

/** What is unproven is no failure; what is contradicted is. */
export function exitCodeOf(proofs: readonly FlowProof[]): ExitCode {
  if (proofs.some(({ verdict }) => verdict === 'contradicted')) return exitCode.boundNotMet
  return proofs.length === 0 ? exitCode.machine : exitCode.done
}

async function proven(
  screen: Screen,
  experiment: Experiment,
  profile: Profile,
  waitSeconds: number,
): Promise<readonly (FlowProof[] | Unprovable)[]> {
  const { casesOf, proveAll } = await import('../experiments/testbed/prove/index.js')
  const { beginRun } = await import('../experiments/testbed/run.js')
  const { BusyError } = await import('../experiments/testbed/lock.js')
  const { NoTraceError } = await import('../experiments/testbed/prove/tracefs.js')
  const cases = casesOf(experiment, profile)
  try {
    const run = await beginRun({ waitSeconds })
    try {
      const onDone = (done: number): void => screen.notice(`${done} of ${cases.length} paths`)
      return await proveAll(run, cases, profile, { signal: onInterruption(), onDone })
    } finally {
      await run.end()
    }
  } catch (error) {
    if (error instanceof BusyError || error instanceof NoTraceError)
      throw new Refusal(exitCode.machine, `explain --prove: ${error.message}`)
    throw error
  }
}
