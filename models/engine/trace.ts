/**
 * What each core did, burst by burst: written down for a reader (a timeline, the split of processor time by core and context), never for a
 * result. A traced world has one kind of interruption more, which is always due and takes no time: `spend` meets it on its rare path, so
 * that a run without a trace pays nothing, and a traced run draws the same random numbers and gives the same latencies.
 */
import type { CoreTrace, World } from './world.js'

/** One burst of processor time: what was charged since the last one, spent on one core without a break. */
export interface Burst {
  readonly core: number
  /** The task on the core, whose process pays; NONE where softirq runs on an idle core. */
  readonly task: number
  readonly startNs: number
  readonly endNs: number
  /** Of that, the time in which interruptions had the core, ns. */
  readonly interruptedNs: number
  /** How often each coefficient of the end hosts was charged, by place; only those that were. */
  readonly charges: readonly Charge[]
  /** Which packets crossed which compiled burst of a route. */
  readonly crossings: readonly Crossed[]
  /** By flow: messages done, and whether the server has the whole request, when the burst ends. */
  readonly done: readonly number[]
  readonly replying: readonly boolean[]
  /** State of every task (world.ts) while the burst runs. */
  readonly taskStates: readonly number[]
}

export interface Charge {
  readonly coefficient: number
  readonly times: number
}

export interface Crossed {
  readonly burst: number
  readonly packets: number
  readonly superPackets: number
  readonly bytes: number
}

export class Trace implements CoreTrace {
  readonly bursts: Burst[] = []
  private readonly count: Float64Array
  private readonly packets: Float64Array
  private readonly superPackets: Float64Array
  private readonly bytes: Float64Array
  private interruptedNs = 0

  constructor(w: World) {
    this.count = Float64Array.from(w.count)
    this.packets = Float64Array.from(w.burstPackets)
    this.superPackets = Float64Array.from(w.burstSuperPackets)
    this.bytes = Float64Array.from(w.burstBytes)
  }

  note(w: World, core: number, startNs: number, endNs: number): void {
    const charges: Charge[] = []
    for (let coefficient = 0; coefficient < this.count.length; coefficient++) {
      const times = w.count[coefficient]! - this.count[coefficient]!
      if (times !== 0) charges.push({ coefficient, times })
    }
    const crossings: Crossed[] = []
    for (let burst = 0; burst < this.packets.length; burst++) {
      const packets = w.burstPackets[burst]! - this.packets[burst]!
      if (packets === 0) continue
      const superPackets = w.burstSuperPackets[burst]! - this.superPackets[burst]!
      crossings.push({ burst, packets, superPackets, bytes: w.burstBytes[burst]! - this.bytes[burst]! })
    }
    this.bursts.push({
      core,
      task: w.coreTask[core]!,
      startNs,
      endNs: Math.round(endNs),
      interruptedNs: w.interruptedNs - this.interruptedNs,
      charges,
      crossings,
      done: Array.from(w.flowDone),
      replying: Array.from(w.flowReplying, (flag) => flag === 1),
      taskStates: Array.from(w.taskState),
    })
    this.count.set(w.count)
    this.packets.set(w.burstPackets)
    this.superPackets.set(w.burstSuperPackets)
    this.bytes.set(w.burstBytes)
    this.interruptedNs = w.interruptedNs
  }
}

/** Makes a freshly built world with one kind of interruption to spare a traced one. */
export function traceWorld(w: World): Trace {
  const kinds = w.interruptionIntervalNs.length
  for (let core = 0; core < w.cores; core++) w.coreInterruptionNs[core * kinds + kinds - 1] = Number.NEGATIVE_INFINITY
  const trace = new Trace(w)
  w.trace = trace
  return trace
}
