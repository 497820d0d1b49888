/** Addressed random streams and draws from them, the same bytes in every engine; one distribution a file. */
export { createAntitheticStream } from './antithetic.js'
export { type Empirical, empirical, prepareEmpirical } from './empirical.js'
export { exponential } from './exponential.js'
export { gamma } from './gamma.js'
export { balancedHyperExponential, type HyperExponential, hyperExponential, prepareHyperExponential } from './hyper-exponential.js'
export {
  exponentialByInversion,
  lognormalByInversion,
  normalByInversion,
  openUniform,
  paretoByInversion,
  weibullByInversion,
} from './inversion.js'
export { lognormal } from './lognormal.js'
export { MarkovModulated, type ModulatingState } from './markov-modulated.js'
export { normal } from './normal.js'
export { pareto } from './pareto.js'
export { createStream, RandomStream } from './stream.js'
export { weibull } from './weibull.js'
