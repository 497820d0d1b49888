/**
 * Laws that hold on every single run, whatever its distributions and however short it is, because both sides count the same thing in two
 * ways (Denning and Buzen, "The operational analysis of queueing network models", Computing Surveys 10(3), 1978). A run that breaks one has
 * lost a customer, counted one twice, or keeps a clock wrong.
 */
export interface LawCheck {
  readonly law: 'little' | 'utilization' | 'bound'
  /** The two sides. */
  readonly left: number
  readonly right: number
  /** How far apart they are, as a share of the larger; for a bound, how far it is exceeded. */
  readonly relativeError: number
  /** What rounding alone can make of it. */
  readonly tolerance: number
  readonly holds: boolean
}

/**
 * Little's law, L = lambda W, with nothing left out at the ends of the run ("A proof for the queuing formula L = lambda W", Operations Research 9(3), 1961).
 * @param areaNs integral over time of the number of customers inside
 * @param timesNs times inside, added up over the customers: from the start of the observation, for those who were there, and up to its end, for those who still are
 * @param additions how many numbers were added to get the longer of the two
 * @param slackNs what the clocks that the times were read from may add
 */
export function littlesLaw(areaNs: number, timesNs: number, additions: number, slackNs = 0): LawCheck {
  return check('little', areaNs, timesNs, additions, slackNs)
}

/**
 * The utilization law, U = X S: servers are busy for as long as service was given.
 * @param busyNs integral over time of the number of busy servers
 * @param servedNs service given, added up over the customers: that under way at either end of the observation as far as it lies inside
 * @param slackNs what ends of service that were moved to a whole nanosecond may add
 */
export function utilizationLaw(busyNs: number, servedNs: number, additions: number, slackNs = 0): LawCheck {
  return check('utilization', busyNs, servedNs, additions, slackNs)
}

/** What may never exceed a bound, such as what leaves a token bucket in any time; `slack` is what rounding may add. */
export function upperBound(value: number, bound: number, slack: number): LawCheck {
  const relativeError = value > bound ? (value - bound) / value : 0
  return {
    law: 'bound',
    left: value,
    right: bound,
    relativeError,
    tolerance: slack / Math.max(value, bound),
    holds: value <= bound + slack,
  }
}

/** Each addition of numbers that are not negative rounds by at most 2^-53 of the sum; a term is a difference, rounded before. */
function check(law: LawCheck['law'], left: number, right: number, additions: number, slack = 0): LawCheck {
  const larger = Math.max(Math.abs(left), Math.abs(right))
  const relativeError = larger === 0 ? 0 : Math.abs(left - right) / larger
  const tolerance = 4 * (additions + 1) * 2 ** -53 + (larger === 0 ? 0 : slack / larger)
  return { law, left, right, relativeError, tolerance, holds: relativeError <= tolerance }
}
