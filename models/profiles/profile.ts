/** A profile: the numbers of every stage on one machine, with their covariance and the data set that they were fitted to. */

import type { FlowMetric, Workload } from '../topology/scenario.js'

/** One coefficient of a cost law, named `stage.per`, such as `veth.transmit.perPacketNs` or `socket.send.perByteNs`. */
export interface Coefficient {
  readonly name: string
  readonly value: number
  readonly unit: 'ns' | 'ns/B'
  /** Where the number comes from: fitted to the data set, measured by a probe, taken from a source, or fitted to another machine's rows and scaled (calibration/extend.ts). */
  readonly origin: 'fitted' | 'probe' | 'assumed' | 'transferred'
}

/** One kind of interruption of a core: the tick, other timers, the hypervisor. */
export interface Interruption {
  readonly name: string
  /** Mean time between two of them on one core, ns; `periodic` ones come at exactly this distance from a random phase. */
  readonly intervalNs: number
  readonly periodic: boolean
  /** Lengths that rise, with shares that fall from 1: between two of them the share falls as a power law, and none is longer than the last. */
  readonly lengths: readonly LongerThan[]
}

/** The share of interruptions that is longer than this. */
export interface LongerThan {
  readonly ns: number
  readonly share: number
}

/** Constants of the kernel's build that mechanisms need (CONFIG_HZ, EEVDF's slice); read, not fitted. */
export interface KernelFacts {
  readonly release: string
  readonly hz: number
  readonly baseSliceNs: number
}

export interface Profile {
  readonly schema: 'fairway/profile/1'
  readonly name: string
  /** The machine in one line, as captions print it: `2-core VM, AMD EPYC, Linux 6.18`. */
  readonly machine: string
  readonly dataSet: string
  /** Ids of the rows that the fit saw: `validate` refuses them as held-out evidence. */
  readonly fitRows: readonly string[]
  readonly kernel: KernelFacts
  readonly coefficients: readonly Coefficient[]
  /** Covariance of the coefficients, in their order; row-major, coefficients.length squared. */
  readonly covariance: readonly number[]
  /**
   * How far the model lies from paths that its fit does not see, relative to their cost (standard deviation): each path of the fit left out once
   * (models/calibration/fit.ts). Part of every interval; a profile without it knows nothing of it.
   */
  readonly modelDeviation?: number
  /** Spread of a burst's duration around its cost law: sigma of the logarithm. */
  readonly burstSigma: number
  readonly interruptions: readonly Interruption[]
  /** Held-out errors that `validate` found for this profile, for the trust box; null before any validation. */
  readonly validation: ProfileValidation | null
}

/** Absolute errors over held-out points, relative to the measured value. */
interface HeldOutErrors {
  readonly points: number
  readonly medianError: number
  readonly worstError: number
  readonly worstPoint: string
  /** Median errors without a simulation, over the points that each baseline applies to; absent where none was made. */
  readonly baselines?: { readonly linear: number | null; readonly nearest: number | null }
  /** Names of the data sets that the points are of. */
  readonly dataSet: string
}

/** Of messages one at a time (ping-pong): their p50. */
export interface ProfileValidation extends HeldOutErrors {
  readonly repeatability: number
  /** The same for every kind of workload that was held out, ping-pong among them; absent in a profile that was validated before they were told apart. */
  readonly byWorkload?: readonly WorkloadValidation[]
}

export interface WorkloadValidation extends HeldOutErrors {
  readonly workload: Workload['kind']
  /** What the errors are of: the median of what is measured of the workload; of a stream, its throughput. */
  readonly metric: FlowMetric
  readonly statistic: 'p50' | 'mean'
  /** Null where every point had one run. */
  readonly repeatability: number | null
}
