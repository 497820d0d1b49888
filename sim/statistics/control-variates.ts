import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import type { Interval } from './confidence-interval.js'
import { mean, meanVariance } from './mean-variance.js'
import { requireValues, type Sample } from './sample.js'
import { studentT } from './student-t.js'

/** Something that each replication yields beside its value, and whose expectation is known: the mean service time drawn, say. */
export interface Control {
  readonly values: Sample
  readonly expectation: number
}

export interface ControlledMean {
  readonly mean: Interval
  /** How the mean follows each control; fitted to the same replications. */
  readonly coefficients: readonly number[]
  /** Variance of the mean without the controls over that with them: how many times more replications it would take. */
  readonly gain: number
}

/**
 * The mean, corrected by how far each control came out from its expectation: the intercept of the least-squares line through (control -
 * expectation, value), with its interval (Lavenberg and Welch, "A perspective on the use of control variables to increase the efficiency of Monte
 * Carlo simulations", Management Science 27(3), 1981; Nelson, "Control variate remedies", Operations Research 38(6), 1990). Exact for jointly normal values.
 * @throws RangeError unless there are at least three more replications than controls, or where a control is a combination of the others
 */
export function controlledMean(values: Sample, controls: readonly Control[], confidence = 0.95): ControlledMean {
  const count = values.length
  const freedom = count - controls.length - 1
  requireValues('controlled mean', values, controls.length + 3)
  for (const control of controls) {
    requireValues('control variate', control.values, count)
    if (control.values.length !== count) throw new RangeError(`control variate: ${control.values.length} values can't go with ${count}`)
  }
  const plain = meanVariance(values)
  if (controls.length === 0) {
    const halfWidth = (studentT(confidence, freedom) * plain.standardDeviation) / Math.sqrt(count)
    return { mean: { value: plain.mean, halfWidth, confidence }, coefficients: [], gain: 1 }
  }
  const means = controls.map((control) => mean(control.values))
  const deviations = new Matrix(Array.from({ length: count }, (_, i) => controls.map((control, k) => control.values[i]! - means[k]!)))
  const products = deviations.transpose().mmul(deviations)
  const decomposition = new CholeskyDecomposition(products)
  if (!decomposition.isPositiveDefinite()) throw new RangeError('control variates: one of them is constant, or a combination of the others')
  const centred = Matrix.columnVector(Float64Array.from(values, (value) => value - plain.mean))
  const coefficients = decomposition.solve(deviations.transpose().mmul(centred)).getColumn(0)
  const miss = Matrix.columnVector(controls.map((control, k) => means[k]! - control.expectation))
  const residuals = centred.sub(deviations.mmul(Matrix.columnVector(coefficients)))
  const residualVariance = residuals.dot(residuals) / freedom
  const variance = residualVariance * (1 / count + miss.dot(decomposition.solve(miss)))
  return {
    mean: {
      value: plain.mean - miss.dot(Matrix.columnVector(coefficients)),
      halfWidth: studentT(confidence, freedom) * Math.sqrt(variance),
      confidence,
    },
    coefficients,
    gain: plain.variance / count / variance,
  }
}

/**
 * The difference a - b of two alternatives that were run in pairs, with controls: what one pair's common random numbers gave, or the
 * difference of the alternatives' own controls.
 */
export function controlledDifference(a: Sample, b: Sample, controls: readonly Control[], confidence = 0.95): ControlledMean {
  if (a.length !== b.length) throw new RangeError(`controlled difference: ${a.length} values can't be paired with ${b.length}`)
  return controlledMean(
    Float64Array.from(a, (value, i) => value - b[i]!),
    controls,
    confidence,
  )
}
