/**
 * Which stages a simulated difference is made of. A stage's part is a quantity like any other, read from the replications and charged to
 * coefficients, so that its interval is found as the difference's own is: chance over the pairs, and the profile's covariance.
 */
import type { FlowRecord } from './replication-record.js'
import type { Quantity } from './simulated-rows.js'

/** What one stage has in a difference. */
export interface StagePart {
  readonly stage: string
  /** Processor time per message (a request with its reply, all cores) that b pays beyond a, ns, with its total 95 % half-width. */
  readonly costNs: number
  readonly costHalfWidthNs: number
  /** The part of the difference that it is (of a throughput: of what a write takes more or less), as a share; its half-width knows that both move together. */
  readonly share: number
  readonly shareHalfWidth: number
}

export interface Attribution {
  /** Largest change first. */
  readonly stages: readonly StagePart[]
  /**
   * What no stage's processor time explains, ns: time in which nobody works, less what two cores do at once. In the pair's metric; of a throughput, in
   * the time that a write takes.
   */
  readonly restNs: number
  readonly restHalfWidthNs: number
}

/** b - a of a quantity, with the half-width of its total interval. */
export type Contrast = (quantity: Pick<Quantity, 'value' | 'gradient'>) => { readonly difference: number; readonly halfWidth: number }

type Counts = Readonly<Record<string, number>>

/**
 * What the stages have in the difference of a mean or median; null for a tail, of which a mean's parts say nothing, and where nothing differs.
 * @param records of both sides
 */
export function attributionOf(records: readonly FlowRecord[], quantity: Quantity, contrast: Contrast): Attribution | null {
  if (quantity.statistic !== 'p50' && quantity.statistic !== 'mean') return null
  const whole = contrast(quantity).difference
  if (whole === 0) return null
  // A latency is one way: half of what a request with its reply pays.
  const weight = quantity.metric === 'latency' ? 0.5 : 1
  const names = [...new Set(records.flatMap(({ stages }) => stages.map(({ stage }) => stage)))]
  const stages = names.flatMap((stage): StagePart[] => {
    const cost = (flow: FlowRecord): number => flow.stages.find((one) => one.stage === stage)?.costNs ?? 0
    const charges = (counts: Counts): Counts => Object.fromEntries(Object.entries(counts).filter(([name]) => name.startsWith(`${stage}.`)))
    const own = contrast({ value: cost, gradient: charges })
    if (own.difference === 0 && own.halfWidth === 0) return []
    const share = (weight * own.difference) / whole
    // Delta method: a share S / D changes as (dS - share dD) / D.
    const residual = contrast({
      value: (flow) => weight * cost(flow) - share * quantity.value(flow),
      gradient: (counts) => sum([weight, charges(counts)], [-share, quantity.gradient(counts)]),
    })
    return [{ stage, costNs: own.difference, costHalfWidthNs: own.halfWidth, share, shareHalfWidth: residual.halfWidth / Math.abs(whole) }]
  })
  const rest = contrast({
    value: (flow) => quantity.value(flow) - weight * flow.stages.reduce((total, { costNs }) => total + costNs, 0),
    gradient: (counts) => sum([1, quantity.gradient(counts)], [-weight, counts]),
  })
  return {
    stages: stages.sort((one, other) => Math.abs(other.costNs) - Math.abs(one.costNs)),
    restNs: rest.difference,
    restHalfWidthNs: rest.halfWidth,
  }
}

function sum(...parts: readonly (readonly [weight: number, counts: Counts])[]): Counts {
  const total: Record<string, number> = {}
  for (const [weight, counts] of parts)
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + weight * count
  return total
}
