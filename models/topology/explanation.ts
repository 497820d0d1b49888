/** What `explain` shows: the stages that a flow crosses, there and back, before anything runs. */

export type Context = 'system call' | 'softirq' | 'user space' | 'hardware' | 'scheduler'
export type Evidence = 'traced' | 'counted' | 'unobservable'

export interface ExplainedStage {
  readonly name: string
  readonly namespace: string
  readonly device: string | null
  readonly context: Context
  readonly core: number
  /** Cost for this message size under the profile, ns. */
  readonly costNs: number
  /** Share of the direction's predicted time. */
  readonly share: number
  readonly evidence: Evidence
  /** What observes it, or why nothing can. */
  readonly reason: string
}

export interface ExplainedPath {
  readonly model: string
  readonly flow: string
  readonly direction: 'there' | 'back'
  readonly stages: readonly ExplainedStage[]
}
