/** Times the calls of a set-up's flow in one process that owns both of its ends, and a wake-up with its switch on the client's core. */
import type { Flow, Scenario } from '../../models/topology/scenario.js'
import type { BuiltLayout } from './build.js'
import { type CallDuration, compileProbe, parseProbe, withoutClock } from './instruments/probes.js'
import { MeasurementError } from './measurement.js'
import { addressOn } from './path.js'
import { type Placement, startInstrument } from './process.js'
import type { TestbedRun } from './run.js'

/** What the probes said of one set-up: durations by call, `send`, `receive`, `send-reply`, `receive-reply`, their `-of-8`, `switch-pipe`, ... */
export type ProbedCalls = readonly CallDuration[]

const COUNT = 10_000
/** More than this doesn't fit a fresh connection's buffers while nobody reads. */
const LARGEST_BYTES = 16_384
const BURST = 8
const LARGEST_BURST_BYTES = 2048
/** A port that no measurement of the run takes. */
let lastPort = 30_000

/** Why the probes can't time a flow; null when they can. */
export function whyNotProbed(flow: Flow): string | null {
  return flow.via.length > 0 ? 'a relay is a process of its own' : null
}

/** @throws MeasurementError when a probe fails, CommandError when it can't be compiled */
export async function probeSetUp(
  run: TestbedRun,
  built: BuiltLayout,
  scenario: Scenario,
  flow: Flow,
  sizes: readonly number[],
): Promise<ProbedCalls> {
  const { core, policy } = scenario.containers[flow.from]!
  const placement: Placement = { namespace: null, core, policy }
  const program = await compileProbe('own-ends', run.folder)
  const netns = (name: string): string =>
    `/run/netns/${built.kernelName(built.layout.processes.find((process) => process.name === name)!.namespace)}`
  const ownEnds = async (sends: number, bytes: readonly number[]): Promise<CallDuration[]> => {
    if (bytes.length === 0) return []
    lastPort = lastPort >= 39_999 ? 30_001 : lastPort + 1
    const ends = [flow.transport, netns(flow.from), netns(flow.to), addressOn(built.layout, flow.to, flow.network), String(lastPort)]
    return withoutClock(await answer(run, [program, ...ends, String(COUNT), String(sends), ...bytes.map(String)], placement))
  }
  const single = await ownEnds(
    1,
    sizes.filter((size) => size <= LARGEST_BYTES),
  )
  const burst = await ownEnds(
    BURST,
    sizes.filter((size) => size <= LARGEST_BURST_BYTES),
  )
  const wakeUp = await compileProbe('wake-up', run.folder)
  const switches: CallDuration[] = []
  for (const means of ['pipe', 'eventfd'])
    for (const line of withoutClock(await answer(run, [wakeUp, means, String(COUNT)], placement)))
      if (line.call === 'switch') switches.push({ ...line, call: `switch-${means}` })
      else if (means === 'pipe') switches.push(line)
  return [...single, ...burst.map((line) => ({ ...line, call: `${line.call}-of-${BURST}` })), ...switches]
}

async function answer(run: TestbedRun, argv: readonly string[], placement: Placement): Promise<CallDuration[]> {
  const instrument = startInstrument(run, argv, placement)
  const overdue = setTimeout(() => void instrument.stop(), 30_000)
  const code = await instrument.ended
  clearTimeout(overdue)
  const { stdout, stderr } = instrument.output()
  if (code !== 0) throw new MeasurementError(`${argv[0]} ended with ${code}: ${stderr.trim()}`)
  return parseProbe(stdout)
}
