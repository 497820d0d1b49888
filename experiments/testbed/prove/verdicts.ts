/** What the observation says of each stage: proven by a witness, contradicted by one, or unproven. */
import type { ExplainedStage } from '../../../models/topology/explanation.js'
import type { Layout } from '../../../models/topology/layout.js'
import type { Flow } from '../../../models/topology/scenario.js'
import { deviceName } from '../kernel-names.js'
import { countedVerdict } from './counted-stages.js'
import { type Hop, hopsOf } from './hops.js'
import type { Observation } from './observe.js'
import { isReceived } from './packets.js'
import type { PathStep } from './steps.js'
import { type ExpectedPath, type MessageWalk, messagesIn, walkMessage } from './walk.js'

export type Verdict = 'proven' | 'unproven' | 'contradicted'

export interface StageProof extends ExplainedStage {
  readonly verdict: Verdict
  /** What showed it, what spoke against it, or why nothing shows it. */
  readonly witness: string
  /** Share of the messages that were followed in which it showed itself; null where no single message tells. */
  readonly seenIn: number | null
}

export interface FlowVerdicts {
  /** Messages that were followed there and back. */
  readonly messages: number
  readonly stages: ReadonlyMap<PathStep, StageProof>
}

/** More are not followed: the first ones say it. */
const MOST_MESSAGES = 400
/** The first messages may still find what only a first packet finds. */
const FIRST_MESSAGES = 2

export function expectedPath(layout: Layout, steps: readonly PathStep[], tasks: Observation['tasks']): ExpectedPath {
  const legs = 1 + Math.max(...steps.map(({ leg }) => leg))
  const hops = Array.from({ length: legs }, (_, leg): Hop[] =>
    hopsOf(
      layout,
      steps.filter((step) => step.leg === leg),
    ),
  )
  return { steps, hops, tasks, isUnix: steps.some(({ stage }) => stage.name === 'unix.transmit') }
}

export function judge(layout: Layout, flow: Flow, expected: ExpectedPath, observation: Observation): FlowVerdicts {
  const { steady } = observation
  const found = messagesIn(steady, expected.tasks[flow.from] ?? new Set(), expected.isUnix)
  const messages = found.slice(found.length > 4 * FIRST_MESSAGES ? FIRST_MESSAGES : 0, MOST_MESSAGES)
  const walks = messages.map(({ start, end }) => walkMessage(steady, expected, start, end))
  const stages = new Map(expected.steps.map((step) => [step, verdictOf(layout, expected, step, walks, observation)]))
  return { messages: walks.length, stages }
}

/** Stages that a message may do without: a receiver that was preempted rather than asleep needs no wake-up, a core that isn't idle no exit. */
const SOMETIMES: ReadonlySet<string> = new Set([
  'socket.wakeup',
  'context.switch',
  'interrupt.deliver',
  'idle.exit',
  'instrument.server',
  'instrument.server.own',
])

function verdictOf(layout: Layout, expected: ExpectedPath, step: PathStep, walks: readonly MessageWalk[], seen: Observation): StageProof {
  const { stage } = step
  const counted = countedVerdict(layout, step, seen, walks.length)
  const faults = walks.flatMap((walk) => walk.faults.filter((fault) => fault.step === step))
  if (counted !== null && faults.length === 0) return { ...stage, ...counted, seenIn: null }
  const at = walks.filter((walk) => walk.seen.has(step))
  const share = walks.length === 0 ? 0 : at.length / walks.length
  const because = (verdict: Verdict, witness: string): StageProof => ({
    ...stage,
    verdict,
    witness,
    seenIn: walks.length === 0 ? null : share,
  })
  if (faults.length > 0) return because('contradicted', `${faults[0]!.text} (${faults.length} of ${walks.length} messages)`)
  const answers = walks.length === 0 && step === transmitOf(expected) ? answersTo(expected, seen) : 0
  if (answers > 1)
    return because(
      'contradicted',
      `${answers} answers reached the client, which handed no ${expected.isUnix ? 'data to a Unix-domain socket (sk_data_ready)' : 'packet to a device (net_dev_queue)'}`,
    )
  if (walks.length === 0)
    return because('unproven', seen.full ? "the trace's buffer was full before a whole message had passed" : 'no whole message was seen')
  if (at.length > 0) {
    const port = stage.name === 'bridge.forward' ? strayPort(layout, expected, step, seen) : null
    return port === null ? because('proven', at[0]!.seen.get(step)!) : because('contradicted', port)
  }
  if (!hasWitness(step, expected))
    return because('unproven', stage.evidence === 'unobservable' ? stage.reason : 'no witness is known for it')
  if (SOMETIMES.has(stage.name)) return because('unproven', `it never showed itself in ${walks.length} messages`)
  return because('contradicted', `it never showed itself in ${walks.length} messages`)
}

/** Calls of the client that received something. */
function answersTo(expected: ExpectedPath, { steady }: Observation): number {
  const tasks = expected.tasks[expected.steps[0]?.sender ?? ''] ?? new Set()
  return steady.filter((event) => tasks.has(event.task) && isReceived(event)).length
}

function transmitOf(expected: ExpectedPath): PathStep | undefined {
  return expected.steps.find(({ stage }) => ['tcp.transmit', 'udp.transmit', 'unix.transmit'].includes(stage.name))
}

const WITNESSED: ReadonlySet<string> = new Set([
  'socket.send',
  'tcp.transmit',
  'udp.transmit',
  'unix.transmit',
  'bridge.forward',
  'tcp.receive',
  'udp.receive',
  'unix.receive',
  'socket.wakeup',
  'interrupt.deliver',
  'idle.exit',
  'context.switch',
  'proxy.relay',
  'proxy.relay.dante',
  'proxy.relay.haproxy',
  'proxy.relay.nginx',
  'proxy.relay.socat',
  'socket.receive',
  'instrument.server',
  'instrument.server.own',
])

function hasWitness(step: PathStep, expected: ExpectedPath): boolean {
  return WITNESSED.has(step.stage.name) || expected.hops[step.leg]!.some((hop) => hop.step === step)
}

/** A device beside a bridge's stage that is no port of that bridge in the kernel. */
function strayPort(layout: Layout, expected: ExpectedPath, step: PathStep, { masters }: Observation): string | null {
  const bridge = deviceName(step.stage.device!)
  const place = expected.steps.indexOf(step)
  const hops = expected.hops[step.leg]!
  const out = hops.findIndex((hop) => expected.steps.indexOf(hop.step) > place)
  for (const hop of [hops[out - 1], hops[out]]) {
    if (hop === undefined || hop.namespace !== step.stage.namespace) continue
    const master = masters[`${hop.namespace} ${hop.device}`]
    if (master !== bridge)
      return `${hop.device} is ${master === undefined || master === null ? 'no port of a bridge' : `a port of ${master}`}, not of ${bridge}`
  }
  return layout.devices.some((device) => device.kind === 'bridge') ? null : 'the layout has no bridge'
}
