/**
 * What each core did, burst by burst: written down for a reader (a timeline, the split of processor time by core and context), never for a
 * result: a traced run draws the same random numbers and gives the same latencies.
 */
import { type CoreTrace, world } from './world.js'

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
  private readonly count = new Float64Array(world.count.length)
  private readonly packets = new Float64Array(world.bursts)
  private readonly superPackets = new Float64Array(world.bursts)
  private readonly bytes = new Float64Array(world.bursts)
  private interruptedNs = 0

  constructor() {
    this.remember()
  }

  begin(): void {
    this.bursts.length = 0
    this.remember()
  }

  note(core: number, startNs: number, endNs: number): void {
    const charges: Charge[] = []
    for (let coefficient = 0; coefficient < this.count.length; coefficient++) {
      const times = world.count[coefficient]! - this.count[coefficient]!
      if (times !== 0) charges.push({ coefficient, times })
    }
    const crossings: Crossed[] = []
    for (let burst = 0; burst < this.packets.length; burst++) {
      const packets = world.burstPackets[burst]! - this.packets[burst]!
      if (packets === 0) continue
      const superPackets = world.burstSuperPackets[burst]! - this.superPackets[burst]!
      crossings.push({ burst, packets, superPackets, bytes: world.burstBytes[burst]! - this.bytes[burst]! })
    }
    this.bursts.push({
      core,
      task: world.coreTask[core]!,
      startNs,
      endNs: Math.round(endNs),
      interruptedNs: world.interruptedNs - this.interruptedNs,
      charges,
      crossings,
      done: Array.from(world.flowDone.subarray(0, world.flows)),
      replying: Array.from(world.flowReplying.subarray(0, world.flows), (flag) => flag === 1),
      taskStates: Array.from(world.taskState.subarray(0, world.tasks)),
    })
    this.remember()
  }

  private remember(): void {
    this.count.set(world.count)
    this.packets.set(world.burstPackets.subarray(0, world.bursts))
    this.superPackets.set(world.burstSuperPackets.subarray(0, world.bursts))
    this.bytes.set(world.burstBytes.subarray(0, world.bursts))
    this.interruptedNs = world.interruptedNs
  }
}

/** Makes a freshly built world a traced one. */
export function traceWorld(): Trace {
  const trace = new Trace()
  world.trace = trace
  return trace
}
