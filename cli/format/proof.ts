/** A proof of path as a reader sees it: each stage with its verdict and its witness, then the share that could be proven. */
import type { FlowProof, ProvenPath, StageProof } from '../../experiments/testbed/prove/index.js'
import { percent } from '../../reports/format/estimate.js'
import { alignColumns } from './columns.js'
import { stageCells, stageHead, stageNumbers } from './stage-cells.js'

export function describeProof(proof: FlowProof): string {
  const { model, flow, firstPacket, objections } = proof
  const lines = [
    `${model}  ${flow}: ${proof.verdict}   ${shareInWords(proof)}`,
    ...proof.paths.map(describePath),
    `  first packet: ${firstPacket.verdict}   crossed ${firstPacket.crossed.join('  then  ') || 'nothing that was seen'}${besides(firstPacket.besides)}`,
    ...[...firstPacket.objections, ...objections].map((objection) => `  contradicts: ${objection}`),
  ]
  return lines.join('\n')
}

function describePath({ direction, stages }: ProvenPath): string {
  const rows = stages.map((stage) => [...stageCells(stage), stage.verdict, witnessOf(stage)])
  return alignColumns([[direction, ...stageHead, 'verdict', 'witness'], ...rows], { right: stageNumbers })
}

/** A stage that only some messages go through says in how many it was seen. */
function witnessOf({ verdict, witness, seenIn }: StageProof): string {
  return verdict === 'proven' && seenIn !== null && seenIn < 0.995 ? `${witness} (in ${percent(seenIn)} of the messages)` : witness
}

function besides(events: Readonly<Record<string, number>>): string {
  const named = Object.entries(events).map(([name, count]) => `${count} ${name}`)
  return named.length === 0 ? '' : `; besides: ${named.join(', ')}`
}

function shareInWords({ messages, share }: FlowProof): string {
  const { stages, ofStages, timeNs, ofTimeNs } = share
  return `${stages} of ${ofStages} stages, ${percent(ofTimeNs === 0 ? 0 : timeNs / ofTimeNs)} of the predicted time; ${messages} messages in steady state`
}

export function summaryOf(proofs: readonly FlowProof[]): string {
  return alignColumns(
    [
      ['model', 'flow', 'verdict', 'stages proven', 'predicted time proven'],
      ...proofs.map(({ model, flow, verdict, share }) => [
        model,
        flow,
        verdict,
        `${share.stages} of ${share.ofStages}`,
        percent(share.ofTimeNs === 0 ? 0 : share.timeNs / share.ofTimeNs),
      ]),
    ],
    { right: [3, 4] },
  )
}
