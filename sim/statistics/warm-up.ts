import { MeanVariance } from './mean-variance.js'
import { requireValues, type Sample } from './sample.js'

export interface WarmUp {
  /** Values to leave out at the start: a multiple of 5. */
  readonly values: number
  /** False when the best cut lies at the last one allowed, half of the run: then the run is too short to say. */
  readonly settled: boolean
}

const BATCH = 5

/**
 * MSER-5: cut where the standard error of the rest, taken over means of five values, is smallest
 * (White, "An effective truncation heuristic for bias reduction in simulation output", Simulation 69(6), 1997;
 * White, Cobb and Spratt, "A comparison of five steady-state truncation heuristics", Winter Simulation Conference 2000).
 */
export function mser5(values: Sample): WarmUp {
  requireValues('MSER-5', values, 2 * BATCH)
  const batches = Math.floor(values.length / BATCH)
  const rest = new MeanVariance()
  let best = 0
  let smallest = Number.POSITIVE_INFINITY
  for (let cut = batches - 1; cut >= 0; cut--) {
    let sum = 0
    for (let i = cut * BATCH; i < (cut + 1) * BATCH; i++) sum += values[i]!
    rest.add(sum / BATCH)
    if (cut > batches / 2 || rest.count < 2) continue
    const squaredError = (rest.variance * (rest.count - 1)) / (rest.count * rest.count)
    if (squaredError <= smallest) {
      smallest = squaredError
      best = cut
    }
  }
  return { values: best * BATCH, settled: best < Math.floor(batches / 2) }
}
