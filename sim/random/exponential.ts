/**
 * Exponential draws by the ziggurat of 256 layers (Marsaglia and Tsang, "The ziggurat method for generating random variables",
 * J. Stat. Softw. 5(8), 2000), with 53 bits inside a layer and the layer's number from bits of their own (Doornik, "An improved
 * ziggurat method to generate normal random samples", 2005): 98.9 % of the draws need no logarithm.
 */
import { exp, log } from '../math.js'
import type { RandomStream } from './stream.js'

const LAYERS = 256
/** Where the tail begins, such that 256 layers of one area cover the density (the paper, section 2). */
const TAIL = 7.69711747013105
const AREA = (TAIL + 1) * exp(-TAIL)

/** Right edge of each layer, from the base upwards, and the density there. */
const edges = new Float64Array(LAYERS + 1)
const density = new Float64Array(LAYERS + 1)
edges[0] = AREA / exp(-TAIL)
edges[1] = TAIL
for (let layer = 1; layer < LAYERS - 1; layer++) edges[layer + 1] = -log(exp(-edges[layer]!) + AREA / edges[layer]!)
for (let layer = 0; layer <= LAYERS; layer++) density[layer] = exp(-edges[layer]!)

/** A draw from the exponential distribution with this mean. */
export function exponential(stream: RandomStream, mean: number): number {
  // Two steps of the generator (RandomStream.int32) written out: as calls they use up, with this, what V8 inlines into a handler, and every
  // number that the handler then passes to anything else is boxed (measured: 16 bytes an event).
  const { state } = stream
  let s0 = state[0]!
  let s1 = state[1]!
  let s2 = state[2]!
  let s3 = state[3]!
  let scrambled = Math.imul(s1, 5)
  const high = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
  let shifted = s1 << 9
  s2 ^= s0
  s3 ^= s1
  s1 ^= s2
  s0 ^= s3
  s2 ^= shifted
  s3 = (s3 << 11) | (s3 >>> 21)
  scrambled = Math.imul(s1, 5)
  const low = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
  shifted = s1 << 9
  s2 ^= s0
  s3 ^= s1
  state[1] = s1 ^ s2
  state[0] = s0 ^ s3
  state[2] = s2 ^ shifted
  state[3] = (s3 << 11) | (s3 >>> 21)
  const layer = low & 255
  // Each part is scaled before they are added: both products and the sum are exact, and V8 doesn't go to a whole number and back
  // (measured: 3 ns).
  const x = ((high >>> 3) * 1.862645149230957e-9 + (low >>> 8) * 1.1102230246251565e-16) * edges[layer]!
  // Two returns: where a number of either branch is joined first, V8 boxes it (a third of the draw's time, and garbage).
  if (x < edges[layer + 1]!) return mean * x
  drawn[0] = x
  atTheEdge(stream, layer)
  return mean * drawn[0]!
}

/** What a draw is before it is multiplied with its mean: here, because a fraction that is passed in a call is boxed. */
const drawn = new Float64Array(1)

/** Where the layer's rectangle leaves the density: the tail, or a point accepted under it, or another draw. */
function atTheEdge(stream: RandomStream, layer: number): void {
  if (layer === 0) drawn[0] = TAIL - log(1 - stream.uniform())
  else if (!(density[layer]! + stream.uniform() * (density[layer + 1]! - density[layer]!) < exp(-drawn[0]!)))
    drawn[0] = exponential(stream, 1)
}
