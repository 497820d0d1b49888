import { exponential } from './exponential.js'
import type { RandomStream } from './stream.js'

/** One state of the chain that modulates the arrivals. */
export interface ModulatingState {
  /** Arrivals per unit of time in this state; 0 for silence. */
  readonly arrivalRate: number
  /** Rate of moving to each state, by its number; that to itself is not read. */
  readonly moveRates: readonly number[]
}

/**
 * Arrivals whose rate follows a Markov chain in continuous time (a Markov-modulated Poisson process: Fischer and Meier-Hellstern, "The
 * Markov-modulated Poisson process (MMPP) cookbook", Performance Evaluation 18, 1993): bursts that an independent sequence can't have. It has
 * a life, its `state`; several processes may read one stream, but one addressed by itself shifts nobody's draws.
 */
export class MarkovModulated {
  /** Number of the state that the chain is in. */
  state: number
  private readonly arrivalRates: Float64Array
  /** Arrivals and moves together, a unit of time; and the chances of each move after the arrivals', added up, one row a state. */
  private readonly eventRates: Float64Array
  private readonly upTo: Float64Array

  /**
   * @param state where the chain starts
   * @throws RangeError for rates that are negative or not finite, a wrong count of them, or a state that never leads to an arrival
   */
  constructor(states: readonly ModulatingState[], state = 0) {
    const count = states.length
    if (!(Number.isInteger(state) && state >= 0 && state < count)) {
      throw new RangeError(`Markov-modulated: the first state must be one of ${count}, got ${state}`)
    }
    this.state = state
    this.arrivalRates = new Float64Array(count)
    this.eventRates = new Float64Array(count)
    this.upTo = new Float64Array(count * count)
    states.forEach(({ arrivalRate, moveRates }, from) => {
      if (moveRates.length !== count) {
        throw new RangeError(`Markov-modulated: state ${from} needs a rate to each of ${count} states, got ${moveRates.length}`)
      }
      requireRate(from, 'arrivals', arrivalRate)
      this.arrivalRates[from] = arrivalRate
      let sum = arrivalRate
      moveRates.forEach((rate, to) => {
        if (to !== from) {
          requireRate(from, `moves to state ${to}`, rate)
          sum += rate
        }
        this.upTo[from * count + to] = sum
      })
      this.eventRates[from] = sum
    })
    requireArrivals(states)
  }

  /** Time until the next arrival, in the unit of the rates. */
  interval(stream: RandomStream): number {
    const { arrivalRates, eventRates, upTo } = this
    const count = eventRates.length
    let elapsed = 0
    for (;;) {
      const { state } = this
      elapsed += exponential(stream, 1 / eventRates[state]!)
      const at = stream.uniform() * eventRates[state]!
      if (at < arrivalRates[state]!) return elapsed
      let next = 0
      while (next < count - 1 && at >= upTo[state * count + next]!) next++
      this.state = next
    }
  }
}

function requireRate(state: number, of: string, rate: number): void {
  if (!(rate >= 0 && rate < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`Markov-modulated: the rate of ${of} in state ${state} must be a finite number from 0, got ${rate}`)
  }
}

/** Waiting for an arrival must end: every state has arrivals, or leads to one that has. */
function requireArrivals(states: readonly ModulatingState[]): void {
  const leads = states.map(({ arrivalRate }) => arrivalRate > 0)
  for (let step = 1; step < states.length; step++) {
    states.forEach(({ moveRates }, from) => {
      if (moveRates.some((rate, to) => rate > 0 && leads[to])) leads[from] = true
    })
  }
  const without = leads.indexOf(false)
  if (without >= 0) throw new RangeError(`Markov-modulated: state ${without} never leads to an arrival`)
}
