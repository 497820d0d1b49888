/**
 * Standard normal draws by the ziggurat of 256 layers (Marsaglia and Tsang, J. Stat. Softw. 5(8), 2000), with 53 bits inside a layer,
 * and sign and layer from bits of their own (Doornik, 2005). The tail is Marsaglia's (1964).
 */
import { exp, log } from '../math.js'
import type { RandomStream } from './stream.js'

const LAYERS = 256
/** Where the tail begins, and each layer's area under exp(-x^2 / 2) (the paper, section 3). */
const TAIL = 3.654152885361009
const AREA = 0.00492867323399141

/** Right edge of each layer, from the base upwards, and exp(-x^2 / 2) there. */
const edges = new Float64Array(LAYERS + 1)
const density = new Float64Array(LAYERS + 1)
edges[0] = AREA / bell(TAIL)
edges[1] = TAIL
for (let layer = 1; layer < LAYERS - 1; layer++) edges[layer + 1] = Math.sqrt(-2 * log(bell(edges[layer]!) + AREA / edges[layer]!))
for (let layer = 0; layer <= LAYERS; layer++) density[layer] = bell(edges[layer]!)

function bell(x: number): number {
  return exp(-0.5 * x * x)
}

/** A draw from the normal distribution with mean 0 and variance 1. */
export function normal(stream: RandomStream): number {
  const high = stream.int32()
  const low = stream.int32()
  const layer = low & 255
  const x = ((high >>> 3) * 16777216 + (low >>> 8)) * 1.1102230246251565e-16 * edges[layer]!
  const sign = high & 1 ? -1 : 1
  return x < edges[layer + 1]! ? sign * x : atTheEdge(stream, layer, x, sign)
}

/** Where the layer's rectangle leaves the density: the tail, or a point accepted under it, or another draw. */
function atTheEdge(stream: RandomStream, layer: number, x: number, sign: number): number {
  if (layer === 0) return sign * tail(stream)
  if (density[layer]! + stream.uniform() * (density[layer + 1]! - density[layer]!) < bell(x)) return sign * x
  return normal(stream)
}

function tail(stream: RandomStream): number {
  for (;;) {
    const beyond = -log(1 - stream.uniform()) / TAIL
    if (-2 * log(1 - stream.uniform()) >= beyond * beyond) return TAIL + beyond
  }
}
