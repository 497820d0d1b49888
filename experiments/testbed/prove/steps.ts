/** The stages of a flow there and back as one sequence, each with the processes that its leg joins. */
import type { ExplainedPath, ExplainedStage } from '../../../models/topology/explanation.js'
import type { Flow } from '../../../models/topology/scenario.js'

export interface PathStep {
  readonly stage: ExplainedStage
  readonly direction: 'there' | 'back'
  /** Counted over both directions. */
  readonly leg: number
  readonly sender: string
  readonly receiver: string
}

/** A leg ends where its receiver has the message; what the receiver does then in user space still belongs to it. */
export function stepsOf(flow: Flow, paths: readonly ExplainedPath[]): PathStep[] {
  const hops = [flow.from, ...flow.via, flow.to]
  const walked = [...hops, ...hops.slice(0, -1).reverse()]
  let leg = 0
  let received = false
  return (['there', 'back'] as const).flatMap((direction) => {
    const path = paths.find((candidate) => candidate.direction === direction)
    return (path?.stages ?? []).map((stage): PathStep => {
      if (received && stage.name === 'socket.send') {
        leg++
        received = false
      }
      if (stage.name === 'socket.receive') received = true
      return { stage, direction, leg, sender: walked[leg]!, receiver: walked[leg + 1]! }
    })
  })
}
