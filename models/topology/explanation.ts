/** What `explain` shows: the stages that a flow crosses, there and back, before anything runs. A result of arithmetic, not of a simulation. */

export type Context = 'system call' | 'softirq' | 'user space' | 'hardware' | 'scheduler'
export type Evidence = 'traced' | 'counted' | 'unobservable'

export interface ExplainedStage {
  readonly name: string
  readonly namespace: string
  /** Device that the stage belongs to; null at the end hosts' own stages. */
  readonly device: string | null
  readonly context: Context
  readonly core: number
  /** Cost under the profile, ns, of a message that finds its receiver asleep; through a relay, of its first piece. */
  readonly costNs: number
  /** Share of the sum of these costs in this direction. */
  readonly share: number
  readonly evidence: Evidence
  /** Rules of a chain that are asked before the packet's own; absent where there is no chain. */
  readonly rules?: number
  /** What observes it, or why nothing can. */
  readonly reason: string
}

export interface ExplainedPath {
  readonly model: string
  readonly flow: string
  readonly direction: 'there' | 'back'
  readonly stages: readonly ExplainedStage[]
}
