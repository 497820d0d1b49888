/**
 * Logarithm, exponential, power and sine out of + - * / and bit fields alone, because engines and browsers may differ in the last bits
 * of Math.log, Math.exp, Math.pow and Math.sin, and a simulation must give the same bytes in all of them.
 *
 * Each errs by less than one unit in the last place, over the tests' arguments against 1,200 binary digits; the engine's own do no better.
 * Method and minimax coefficients of log, exp and sin: Sun's fdlibm 5.3 (e_log.c, e_exp.c, k_sin.c, k_cos.c; freely distributable,
 * (c) 1993 Sun Microsystems). `pow` is exp(y log x) with the logarithm in two doubles (Dekker, Numer. Math. 18, 1971).
 */

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const LOG2_E = Math.LOG2E
const TWO_54 = 2 ** 54
const SQRT_2 = Math.SQRT2
/** Above this exp overflows; below the other it is 0. */
const EXP_OVERFLOW = 709.782712893384
const EXP_UNDERFLOW = -745.1332191019412

/** One double and its two words; every platform that JavaScript runs on today is little-endian. */
const double = new Float64Array(1)
const words = new Int32Array(double.buffer)

/** Filled by `split`: x = fraction * 2^exponent with sqrt(1/2) < fraction <= sqrt(2). */
let exponent = 0

/** @returns the fraction of a positive finite number; its exponent is left in `exponent` */
function split(x: number): number {
  const scaled = x < 2.2250738585072014e-308 ? x * TWO_54 : x
  double[0] = scaled
  const high = words[1]!
  exponent = (high >>> 20) - 1023 - (scaled === x ? 0 : 54)
  words[1] = (high & 0xfffff) | 0x3ff00000
  const fraction = double[0]!
  if (fraction <= SQRT_2) return fraction
  exponent++
  return fraction * 0.5
}

/** Natural logarithm; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
  if (x === Number.POSITIVE_INFINITY) return x
  const f = split(x) - 1
  const k = exponent
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  const halfSquare = 0.5 * f * f
  return k * LN2_HIGH - (halfSquare - (s * (halfSquare + even + odd) + k * LN2_LOW) - f)
}

/** e to the power x. */
export function exp(x: number): number {
  return expOfSum(x, 0)
}

/** exp(high + low) for |low| below half a unit in the last place of high. */
function expOfSum(high: number, low: number): number {
  if (high > EXP_OVERFLOW) return Number.POSITIVE_INFINITY
  if (high < EXP_UNDERFLOW) return 0
  if (Number.isNaN(high)) return high
  const k = Math.floor(high * LOG2_E + 0.5)
  const reduced = high - k * LN2_HIGH
  const rest = k * LN2_LOW - low
  const r = reduced - rest
  const t = r * r
  const c =
    r -
    t *
      (0.16666666666666602 +
        t * (-0.0027777777777015593 + t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))))
  const y = 1 - (rest - (r * c) / (2 - c) - reduced)
  return scaleByPowerOfTwo(y, k)
}

/** y * 2^k for y near 1; in two steps where the result, or the power itself, is not a normal number. */
function scaleByPowerOfTwo(y: number, k: number): number {
  if (k > 1023) return y * 2 * powerOfTwo(k - 1)
  if (k < -1021) return y * powerOfTwo(k + 54) * 5.551115123125783e-17
  return y * powerOfTwo(k)
}

function powerOfTwo(k: number): number {
  words[0] = 0
  words[1] = (k + 1023) << 20
  return double[0]!
}

/** Splits a double in halves of 26 bits, whose products are exact (Dekker; Veltkamp). */
const SPLITTER = 134217729

/** What x * y leaves below its rounded product. */
function productError(x: number, y: number, product: number): number {
  const xScaled = SPLITTER * x
  const xHigh = xScaled - (xScaled - x)
  const xLow = x - xHigh
  const yScaled = SPLITTER * y
  const yHigh = yScaled - (yScaled - y)
  const yLow = y - yHigh
  return xHigh * yHigh - product + xHigh * yLow + xLow * yHigh + xLow * yLow
}

/** Two thirds, and what a double leaves of them. */
const TWO_THIRDS = 2 / 3
const TWO_THIRDS_LOW = 3.700743415417188e-17

/** Filled by `logInTwo`: what the logarithm has below the double that it returns. */
let logLow = 0

/** The logarithm of a positive finite number to 2^-65 of itself: 2 atanh(s) by its series, the first two terms in two doubles. */
function logInTwo(x: number): number {
  const fraction = split(x)
  const k = exponent
  const f = fraction - 1
  // The divisor and the remainder of the division are exact: s + sLow = f / (2 + f).
  const divisor = 2 + f
  const divisorLow = 2 - divisor + f
  const s = f / divisor
  const product = s * divisor
  const sLow = (f - product - productError(s, divisor, product) - s * divisorLow) / divisor
  const z = s * s
  const zLow = productError(s, s, z) + 2 * s * sLow
  const cube = s * z
  const cubeLow = productError(s, z, cube) + s * zLow + sLow * z
  const third = cube * TWO_THIRDS
  const thirdLow = productError(cube, TWO_THIRDS, third) + cube * TWO_THIRDS_LOW + cubeLow * TWO_THIRDS
  const tail =
    cube * z * (2 / 5 + z * (2 / 7 + z * (2 / 9 + z * (2 / 11 + z * (2 / 13 + z * (2 / 15 + z * (2 / 17 + z * (2 / 19 + (z * 2) / 21))))))))
  // Sum, largest first: k ln 2 (whose high part is exact), 2 s, 2/3 s^3, the rest.
  const whole = k * LN2_HIGH
  const first = whole + 2 * s
  const firstLow = whole - first + 2 * s
  const sum = first + third
  const sumLow = first - sum + third
  const low = sumLow + firstLow + (tail + (thirdLow + 2 * sLow + k * LN2_LOW))
  const high = sum + low
  logLow = sum - high + low
  return high
}

/** x to the power y, for x >= 0 (a negative base gives NaN: no model needs one). */
export function pow(x: number, y: number): number {
  if (y === 0) return 1
  if (x === 1) return Number.isNaN(y) ? y : 1
  if (!(x > 0) || x === Number.POSITIVE_INFINITY || !Number.isFinite(y)) return powAtTheEdge(x, y)
  const high = logInTwo(x)
  const product = y * high
  if (!(product < 800 && product > -800)) return product > 0 ? Number.POSITIVE_INFINITY : 0
  return expOfSum(product, productError(y, high, product) + y * logLow)
}

/** IEEE 754-2019, section 9.2.1, for a base of 0, infinite or NaN, or an exponent that isn't finite. */
function powAtTheEdge(x: number, y: number): number {
  if (Number.isNaN(y) || !(x >= 0)) return Number.NaN
  const grows = x > 1 === y > 0
  return grows ? Number.POSITIVE_INFINITY : 0
}

/** Sine of x in radians, for |x| up to 2^20 pi/2 = 1.6e6. @throws RangeError beyond, where the reduction would lose digits */
export function sin(x: number): number {
  if (!(Math.abs(x) <= 1647099)) {
    if (Number.isFinite(x)) throw new RangeError(`sin: |x| must be at most 1647099, got ${x}`)
    return Number.NaN
  }
  const quadrant = Math.floor(x * 0.6366197723675814 + 0.5)
  // Cody and Waite's reduction with pi/2 in three pieces of 33 bits, the products exact, and a rest.
  const first = x - quadrant * 1.5707963267341256
  const second = quadrant * 6.077100506303966e-11
  const afterSecond = first - second
  const lost = first - afterSecond - second
  const third = quadrant * 2.0222662487111665e-21
  const rest = quadrant * 8.4784276603689e-32
  const afterThird = afterSecond - (third - lost)
  const low = afterSecond - afterThird - (third - lost) - rest
  const high = afterThird + low
  const highLow = afterThird - high + low
  switch (quadrant & 3) {
    case 0:
      return sineNearZero(high, highLow)
    case 1:
      return cosineNearZero(high, highLow)
    case 2:
      return -sineNearZero(high, highLow)
    default:
      return -cosineNearZero(high, highLow)
  }
}

/** sin(x + low) for |x| up to pi/4. */
function sineNearZero(x: number, low: number): number {
  const z = x * x
  const v = z * x
  const r =
    0.00833333333332249 +
    z * (-0.0001984126982985795 + z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)))
  return x - (z * (0.5 * low - v * r) - low - v * -0.16666666666666632)
}

/** cos(x + low) for |x| up to pi/4. */
function cosineNearZero(x: number, low: number): number {
  const z = x * x
  const r =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z * (2.480158728947673e-5 + z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))))
  const half = 0.5 * z
  const w = 1 - half
  return w + (1 - w - half + (z * r - x * low))
}
