/**
 * What must hold on every single replication, whatever it simulates: Little's law for each flow, the utilization law for each core, and that no
 * message is lost or made up on the way. Each law compares what the run wrote down with what an observer saw that shares none of its sums; a run
 * that breaks one has a fault in its model, and its figures are worth nothing (operational-laws.ts; Denning and Buzen, Computing Surveys 10(3), 1978).
 *
 * The observer is a trace (engine/trace.ts) that keeps sums: it is told of every burst of processor time, and costs a run 4 % of its time (2-core VM, Node 20.20).
 */
import { littlesLaw, upperBound, utilizationLaw } from '../sim/index.js'
import type { BuiltWorld } from './engine/build.js'
import { CLIENT, REFILL } from './engine/charges.js'
import { type CoreTrace, NONE, TCP, world } from './engine/world.js'
import type { ReplicationOptions, RunLaw } from './simulation.js'
import { STARTS_MESSAGE } from './workloads/ping-pong.js'

/** A law that rests on draws may be found broken in one of so many runs that break none: natural logarithm. Once in 10^15. */
const LOG_OF_FALSE_ALARMS = 15 * Math.LN10

const cores = world.coreTimeNs.length
/** By core: bursts; their work as charged, caches that filled included, ns; its squares, and the largest; what interrupted them; where counting began. */
const bursts = new Float64Array(cores)
const workedNs = new Float64Array(cores)
const squaredNs = new Float64Array(cores)
const longestNs = new Float64Array(cores)
const interruptedNs = new Float64Array(cores)
const pendingAtStartNs = new Float64Array(cores)
const startedNs = new Float64Array(cores)

const flows = world.flowDone.length
/** By flow: its client's task; messages done when the client's last burst was seen. */
const client = new Int32Array(flows)
const seen = new Float64Array(flows)
/** The first and the last message whose beginning was seen, and when they began, ns (ping-pong). */
const first = new Float64Array(flows)
const firstNs = new Float64Array(flows)
const last = new Float64Array(flows)
const lastNs = new Float64Array(flows)
/** Completions less arrivals, and by how much earlier or later the completions may have been, ns (open loop). */
const insideNs = new Float64Array(flows)
const slackNs = new Float64Array(flows)

class LawObserver implements CoreTrace {
  private interruptedNs = 0
  private refills = 0
  private refillNs = 0
  private warmUp = 0
  private wanted = 0

  /** The world is built, and nothing has happened. */
  watch(built: BuiltWorld, { messages, warmUpMessages }: ReplicationOptions): void {
    this.warmUp = warmUpMessages
    this.wanted = warmUpMessages + messages
    // Profiles without this coefficient have no number here.
    this.refillNs = Number.isNaN(world.cost[REFILL]) ? 0 : world.cost[REFILL]!
    built.flowTasks.forEach((tasks, flow) => {
      // Messages are complete where their answers are read; a stream's, where they are.
      client[flow] = world.flowReadBytes[flow]! > 0 ? tasks[0]! : tasks.at(-1)!
    })
    for (const column of [seen, first, last]) column.fill(NONE, 0, world.flows)
    for (const column of [insideNs, slackNs]) column.fill(0, 0, world.flows)
    world.trace = this
    this.begin()
  }

  begin(): void {
    for (const column of [bursts, workedNs, squaredNs, longestNs, interruptedNs]) column.fill(0, 0, world.cores)
    pendingAtStartNs.set(world.corePendingNs.subarray(0, world.cores))
    startedNs.set(world.coreTimeNs.subarray(0, world.cores))
    this.interruptedNs = world.interruptedNs
    this.refills = world.count[REFILL]!
  }

  note(core: number): void {
    let workNs = world.corePendingNs[core]!
    if (world.count[REFILL]! !== this.refills) {
      workNs += (world.count[REFILL]! - this.refills) * this.refillNs
      this.refills = world.count[REFILL]!
    }
    bursts[core]! += 1
    workedNs[core]! += workNs
    squaredNs[core]! += workNs * workNs
    if (workNs > longestNs[core]!) longestNs[core] = workNs
    if (world.interruptedNs !== this.interruptedNs) {
      interruptedNs[core]! += world.interruptedNs - this.interruptedNs
      this.interruptedNs = world.interruptedNs
    }
    const task = world.coreTask[core]!
    if (task === NONE) return
    const flow = world.taskFlow[task]!
    if (world.flowDone[flow] !== seen[flow] && client[flow] === task) this.look(flow, core)
  }

  /** Messages have been completed since this client was seen last, and no later than at the end of the work that its core begins now. */
  private look(flow: number, core: number): void {
    const earlierNs = world.corePendingNs[core]!
    const doneNs = world.coreTimeNs[core]! + earlierNs
    const done = Math.min(world.flowDone[flow]!, this.wanted)
    const intendedNs = world.flowIntendedNs[flow]
    if (intendedNs) {
      for (let message = Math.max(seen[flow]!, this.warmUp); message < done; message++) {
        insideNs[flow]! += doneNs - earlierNs / 2 - intendedNs[message & (intendedNs.length - 1)]!
        slackNs[flow]! += earlierNs / 2
      }
    } else if (done >= this.warmUp && world.flowDone[flow]! <= this.wanted && world.flowSentAtNs[flow]! > 0) {
      // A client begins the next message at once, in the same burst; but for the message that ends the run.
      const endsRun = world.taskProgramStep[client[flow]!] === STARTS_MESSAGE
      lastNs[flow] = endsRun ? doneNs + betweenNs(flow) : world.flowSentAtNs[flow]!
      last[flow] = done
      if (first[flow] === NONE) {
        first[flow] = done
        firstNs[flow] = lastNs[flow]!
      }
    }
    seen[flow] = done
  }

  /** The run has ended: what was completed by work that was spent already, no burst has followed. */
  end(): void {
    for (let flow = 0; flow < world.flows; flow++) if (world.flowDone[flow] !== seen[flow]) this.look(flow, world.taskCore[client[flow]!]!)
  }
}

const observer = new LawObserver()

/** Looks on from here, before anything has happened, to the end of the run. */
export function watchLaws(built: BuiltWorld, options: ReplicationOptions): void {
  observer.watch(built, options)
}

/**
 * The laws of the run that has just ended.
 * @param flowNames by row
 * @param stagesNs what all stages in which a core works cost: how often each coefficient was charged times its value
 * @param charges how often, added up: what rounding may make of those sums
 */
export function lawsOfRun(built: BuiltWorld, flowNames: readonly string[], stagesNs: number, charges: number): RunLaw[] {
  observer.end()
  const noise = momentsOf(world.noise)
  return [
    stagesAreWork(stagesNs, charges),
    ...built.cores.flatMap((name, core) => [workIsBusyTime(`core ${name}`, core, noise), notBusierThanTime(`core ${name}`, core)]),
    ...flowNames.flatMap((name, flow) => {
      const little = timesInside(`flow ${name}`, flow)
      return [...(little === null ? [] : [little]), ...messagesAreKept(`flow ${name}`, flow, built.flowTasks[flow]!)]
    }),
    ...bytesAreKept(flowNames),
  ]
}

/** @throws Error that names each law that is broken, of what, and both sides */
export function requireLaws(laws: readonly RunLaw[]): void {
  const broken = laws.filter(({ holds }) => !holds)
  if (broken.length > 0)
    throw new Error(`the run breaks a law that every run obeys, so its figures are worth nothing: ${broken.map(inWords).join('; ')}`)
}

const lawNames = { little: 'Little’s law', utilization: 'the utilization law', bound: 'conservation' } as const

function inWords({ law, of, sides, left, right, relativeError }: RunLaw): string {
  const relation = law === 'bound' ? 'exceeds' : 'differs from'
  return `${lawNames[law]}, ${of}: ${sides[0]}, ${left}, ${relation} ${sides[1]}, ${right} (by ${(100 * relativeError).toPrecision(3)} %)`
}

/** U = X S, the machines' cores together: what they were given to do is what the stages cost. */
function stagesAreWork(stagesNs: number, charges: number): RunLaw {
  let givenNs = 0
  let spunNs = 0
  let spends = 0
  for (let core = 0; core < world.cores; core++) {
    givenNs += workedNs[core]! + world.corePendingNs[core]! - pendingAtStartNs[core]!
    spunNs += world.coreSpunNs[core]!
    spends += bursts[core]!
  }
  return {
    ...utilizationLaw(givenNs, stagesNs + spunNs, charges + 3 * spends),
    of: 'all cores',
    sides: ['work done, ns', 'charges of all stages times their costs, ns'],
  }
}

/** U = X S of one core: it was busy with its work, which each burst's draw stretched, and with what interrupted it. */
function workIsBusyTime(of: string, core: number, noise: NoiseMoments): RunLaw {
  const expectedNs = noise.mean * workedNs[core]! + interruptedNs[core]!
  return {
    ...utilizationLaw(world.coreBusyNs[core]!, expectedNs, 4 * bursts[core]!, bernsteinBound(noise, core) + clockRounding(core)),
    of,
    sides: ['busy time, ns', 'work and interruptions, ns'],
  }
}

/** Its clock is kept in whole nanoseconds: each burst may hide half of one. */
function notBusierThanTime(of: string, core: number): RunLaw {
  const passedNs = world.coreTimeNs[core]! - startedNs[core]!
  return {
    ...upperBound(world.coreBusyNs[core]!, passedNs, bursts[core]! / 2 + 1),
    of,
    sides: ['busy time, ns', 'the time that passed, ns'],
  }
}

/** Bursts are differences of times, which are rounded where they stand on the clock. */
function clockRounding(core: number): number {
  return bursts[core]! * world.coreTimeNs[core]! * 2 ** -51
}

/**
 * How far a sum of bursts lies from its mean at most, but once in 10^15 runs: each is its work times a draw that knows nothing of the work (Bernstein's
 * inequality: Boucheron, Lugosi, Massart, "Concentration Inequalities", 2013, corollary 2.11; for work that hangs on earlier draws Freedman, Annals of
 * Probability 3(1), 1975). Without noise it is 0.
 */
function bernsteinBound(noise: NoiseMoments, core: number): number {
  const range = (LOG_OF_FALSE_ALARMS * noise.farthest * longestNs[core]!) / 3
  return range + Math.sqrt(range * range + 2 * LOG_OF_FALSE_ALARMS * noise.variance * squaredNs[core]!)
}

interface NoiseMoments {
  readonly mean: number
  readonly variance: number
  /** The largest distance from the mean. */
  readonly farthest: number
}

function momentsOf(noise: Float64Array): NoiseMoments {
  let sum = 0
  for (const value of noise) sum += value
  const mean = sum / noise.length
  let squares = 0
  let farthest = 0
  for (const value of noise) {
    squares += (value - mean) ** 2
    farthest = Math.max(farthest, Math.abs(value - mean))
  }
  return { mean, variance: squares / noise.length, farthest }
}

/** What a client works between an answer and its next message, ns: what wrk does there is left out (workloads/http.ts). */
function betweenNs(flow: number): number {
  return world.flowHttp[flow] === 1 ? 0 : world.cost[CLIENT]!
}

/**
 * L = lambda W: the messages' times inside, added up from the clock as they came and went, and from their latencies. A client of a ping-pong has one
 * message inside but while its program begins the next. Null where no message that counts was seen, or where datagrams were dropped: an answer
 * does not tell the observer which message it answers.
 */
function timesInside(of: string, flow: number): RunLaw | null {
  const isOpen = world.flowIntendedNs[flow] !== null
  const isWhole = isOpen || world.flowConnects[flow] === 1 || world.flowHttp[flow] === 1
  if (isOpen ? world.flowDropped[flow]! > 0 : first[flow] === NONE) return null
  const from = isOpen ? 0 : first[flow]! - world.warmUpMessages
  const messages = (isOpen ? seen[flow]! : last[flow]!) - world.warmUpMessages - from
  if (messages <= 0) return null
  const areaNs = isOpen ? insideNs[flow]! : lastNs[flow]! - firstNs[flow]! - messages * betweenNs(flow)
  let timesNs = 0
  for (let i = from; i < from + messages; i++) timesNs += (isWhole ? 1 : 2) * world.flowLatencyNs[flow]![i]!
  const clockErrorNs = messages * world.coreTimeNs[world.taskCore[client[flow]!]!]! * 2 ** -51
  return {
    ...littlesLaw(areaNs, timesNs, 2 * messages, slackNs[flow]! + clockErrorNs),
    of,
    sides: [`the times of ${messages} messages inside, by the clock, ns`, 'the same by their latencies'],
  }
}

/** Of the messages that the client has begun the server has read those that are done, and none twice; so has the client of the answers. */
function messagesAreKept(of: string, flow: number, tasks: readonly number[]): RunLaw[] {
  if (world.flowReadBytes[flow]! > 0) return writesAreKept(of, flow, tasks)
  const clientTask = tasks.at(-1)!
  const bytes = world.flowMessageBytes[flow]!
  const done = world.flowDone[flow]!
  const isOpen = world.flowIntendedNs[flow] !== null
  const underWay = world.taskProgramStep[clientTask] === STARTS_MESSAGE ? 0 : 1
  const begun = isOpen ? world.flowSent[flow]! : done + underWay
  const asked = (world.flowAskedBytes[flow]! + bytesReadBy(tasks[0]!)) / world.flowRequestBytes[flow]!
  const answered = (world.flowAnsweredBytes[flow]! + bytesReadBy(clientTask) - world.flowNegotiatedBytes[flow]!) / bytes
  const law = (less: number, lessInWords: string, more: number, moreInWords: string): RunLaw => ({
    ...upperBound(less, more, 0),
    of,
    sides: [lessInWords, moreInWords],
  })
  return [
    law(asked, 'messages that the server has read', begun, 'those that the client has begun'),
    law(answered, 'answers that the client has read', asked, 'the messages that the server has read'),
    law(done, 'messages that are done', answered, 'the answers that the client has read'),
    law(world.warmUpMessages + world.flowLatencyNs[flow]!.length, 'messages wanted', done, 'those that are done'),
  ]
}

/** On the sockets that a process has now. */
function bytesReadBy(task: number): number {
  let bytes = 0
  for (let socket = 0; socket < world.sockets; socket++) if (world.socketTask[socket] === task) bytes += world.socketCopiedSeq[socket]!
  return bytes
}

/** Of a stream: writes that are done were read whole, and those were written. */
function writesAreKept(of: string, flow: number, tasks: readonly number[]): RunLaw[] {
  const bytes = world.flowMessageBytes[flow]!
  const read = world.socketCopiedSeq[world.taskSocket[tasks[0]!]!]! / bytes
  const law = (less: number, lessInWords: string, more: number, moreInWords: string): RunLaw => ({
    ...upperBound(less, more, 0),
    of,
    sides: [lessInWords, moreInWords],
  })
  return [
    law(read, 'writes that the receiver has read', world.flowSent[flow]!, 'those that the sender has begun'),
    law(world.flowDone[flow]!, 'writes that are done', read, 'writes that the receiver has read'),
    law(world.warmUpMessages + world.flowLatencyNs[flow]!.length, 'writes wanted', world.flowDone[flow]!, 'those that are done'),
  ]
}

/** On every connection bytes are read after they came, came after they were sent, and were sent after they were written. */
function bytesAreKept(flowNames: readonly string[]): RunLaw[] {
  const laws: RunLaw[] = []
  for (let socket = 0; socket < world.sockets; socket++) {
    const peer = world.socketPeer[socket]!
    const isTcp = world.socketTransport[socket] === TCP
    const counts: [string, number][] = [
      ['bytes read', world.socketCopiedSeq[socket]!],
      ['bytes that came', world.socketReceivedSeq[socket]!],
    ]
    if (isTcp) counts.push(['bytes sent', world.socketSentSeq[peer]!], ['bytes written', world.socketWriteSeq[peer]!])
    const of = `flow ${flowNames[world.socketFlow[socket]!]}, socket ${socket}`
    for (let i = 1; i < counts.length; i++)
      laws.push({ ...upperBound(counts[i - 1]![1], counts[i]![1], 0), of, sides: [counts[i - 1]![0], counts[i]![0]] })
  }
  return laws
}
