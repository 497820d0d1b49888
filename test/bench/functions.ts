/** What single calls cost: the random draws, our own functions beside the engine's, and what a value costs the statistics. By tinybench. */
import { Bench } from 'tinybench'
import {
  createStream,
  exponential,
  exponentialByInversion,
  gamma,
  LatencySketch,
  lognormal,
  MeanVariance,
  normal,
  pareto,
  TimeWeighted,
  weibull,
} from '../../sim/index.js'
import { exp, log, pow, sin } from '../../sim/math.js'

export interface FunctionCost {
  readonly name: string
  /** Median, and half of the 95 % interval of the mean, ns a call. */
  readonly ns: number
  readonly halfWidthNs: number
}

/** A sample of tinybench is so many calls: a single one is shorter than its clock's step. */
const CALLS = 10_000

export async function measureFunctions(): Promise<FunctionCost[]> {
  const stream = createStream(1, 0, 0)
  const arguments_ = Float64Array.from({ length: CALLS }, () => 0.1 + 10 * stream.uniform())
  const moments = new MeanVariance()
  const sketch = new LatencySketch()
  const level = new TimeWeighted()
  let nowNs = 0
  const each: Readonly<Record<string, (x: number) => number | undefined>> = {
    'uniform draw': () => stream.uniform(),
    'exponential draw': () => exponential(stream, 1),
    'exponential draw, by inversion': () => exponentialByInversion(stream, 1),
    'normal draw': () => normal(stream),
    'lognormal draw': () => lognormal(stream, 0, 1),
    'gamma draw': () => gamma(stream, 2.5, 1),
    'Weibull draw': () => weibull(stream, 1.5, 1),
    'Pareto draw': () => pareto(stream, 2.5, 1),
    log: (x) => log(x),
    'Math.log': (x) => Math.log(x),
    exp: (x) => exp(x),
    'Math.exp': (x) => Math.exp(x),
    pow: (x) => pow(x, 1.7),
    'Math.pow': (x) => x ** 1.7,
    sin: (x) => sin(x),
    'Math.sin': (x) => Math.sin(x),
    'MeanVariance.add': (x) => {
      moments.add(x)
      return undefined
    },
    'LatencySketch.record': (x) => {
      sketch.record(1000 * x)
      return undefined
    },
    'TimeWeighted.set': (x) => {
      level.set(++nowNs, x)
      return undefined
    },
  }
  const bench = new Bench({ time: 300, warmupTime: 100 })
  let sink = 0
  for (const [name, call] of Object.entries(each)) {
    // A loop of its own for each, so that V8 inlines what it calls.
    const loop = new Function('call', 'xs', 'let sum = 0; for (let i = 0; i < xs.length; i++) sum += call(xs[i]) ?? 0; return sum') as (
      call: (x: number) => number | undefined,
      xs: Float64Array,
    ) => number
    bench.add(name, () => {
      sink += loop(call, arguments_)
    })
  }
  await bench.run()
  if (Number.isNaN(sink)) throw new Error('a function gave NaN')
  return bench.tasks.map(({ name, result }) => {
    if (!('latency' in result)) throw new Error(`${name} was not measured`)
    const perCall = 1e6 / CALLS
    return { name, ns: result.latency.p50 * perCall, halfWidthNs: result.latency.moe * perCall }
  })
}

export function functionsTable(costs: readonly FunctionCost[]): string {
  return costs
    .map(({ name, ns, halfWidthNs }) => `${name.padEnd(34)}${ns.toFixed(1).padStart(8)} ns ± ${halfWidthNs.toFixed(1)}`)
    .join('\n')
}
