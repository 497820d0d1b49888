import type { Context, Evidence } from '../topology/explanation.js'

/**
 * What a cost law charges for: how often, in a message's life, its coefficient is paid. `perSegmentNs` is paid for a TCP segment and not for a
 * datagram, `perCopyNs` where the first namespace that changes a TCP segment's header copies it, `perGroNs` where GRO looks at a packet: it leaves
 * clones alone (topology/clones.ts), `perMatchNs` for an extension that a rule
 * calls, `perLookupNs` for a datagram that comes in over a device, `perStartNs` for a container that is started,
 * `perDeviceNs` for a device that is registered, `perConnectionNs` for a connection that is opened, accepted or closed.
 */
export type Per =
  | 'perCallNs'
  | 'perPacketNs'
  | 'perAckNs'
  | 'perSuperPacketNs'
  | 'perNamespaceNs'
  | 'perFragmentNs'
  | 'perLookupNs'
  | 'perSegmentNs'
  | 'perCopyNs'
  | 'perGroNs'
  | 'perRuleNs'
  | 'perMatchNs'
  | 'perProgramNs'
  | 'perByteNs'
  | 'perWakeupNs'
  | 'perEnqueueNs'
  | 'perRemoteWakeupNs'
  | 'perSwitchNs'
  | 'perSleepNs'
  | 'perProcessNs'
  | 'perMessageNs'
  | 'perStartNs'
  | 'perDeviceNs'
  | 'perConnectionNs'

/**
 * The cost law of a stage: which coefficients it has, in which context it runs, and what can witness it on a kernel.
 * A coefficient's full name is `stage.per`, such as `veth.transmit.perPacketNs`; its value stands in the profile.
 */
export interface CostLaw {
  readonly stage: string
  readonly context: Context
  readonly per: readonly Per[]
  readonly evidence: Evidence
  /** The tracepoint or counter that shows the stage, or why nothing can. */
  readonly witness: string
  /** Kernel function or program that the stage stands for (Linux 6.18). */
  readonly kernel: string
  /** Time that passes and keeps no core: no processor time. */
  readonly keepsCore?: false
  /** A profile may lack it: refused where a path charges it, not before. */
  readonly optional?: true
}
