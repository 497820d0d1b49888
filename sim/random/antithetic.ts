/**
 * Antithetic pairs: two replications, one of which draws u where the other draws 1 - u, so that what one overestimates the other tends to
 * underestimate, and the mean of the pair varies less than that of two independent ones (Law, "Simulation Modeling and Analysis", 5th edition,
 * section 11.3). It works where the model answers monotonely to each uniform number, and both runs use their n-th number for the same purpose: draw
 * by inversion (inversion.ts), one number a draw, and give each purpose a component of its own. A ziggurat rejects now and then and falls out of step.
 * The value of a replication is the mean of its pair; intervals are taken over pairs.
 */
import { createStream, RandomStream } from './stream.js'

class AntitheticStream extends RandomStream {
  override int32(): number {
    return ~super.int32()
  }
}

/** The stream whose every bit is the opposite of `createStream`'s at the same address: its uniform draws are 1 - 2^-53 - u. */
export function createAntitheticStream(seed: number, replication: number, component: number): RandomStream {
  return new AntitheticStream(createStream(seed, replication, component).words())
}
