/** Logarithm, exponential and sine to 1,200 binary digits in whole numbers: an oracle that shares no code, and no engine, with sim/math.ts. */

const BITS = 1200n
const ONE = 1n << BITS

/** The exact value of a double, in units of 2^-1200. */
export function fixed(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  const bits = view.getBigUint64(0)
  const exponent = (bits >> 52n) & 0x7ffn
  const mantissa = (bits & 0xfffffffffffffn) | (exponent > 0n ? 1n << 52n : 0n)
  const shift = BITS + (exponent > 0n ? exponent : 1n) - 1075n
  const magnitude = shift >= 0n ? mantissa << shift : mantissa >> -shift
  return x < 0 ? -magnitude : magnitude
}

/** How far `found` lies from an exact value, in units in the last place of `found`. */
export function ulps(found: number, exact: bigint): number {
  const ulp = fixed(nextAfter(Math.abs(found))) - fixed(Math.abs(found))
  return Math.abs(Number(((fixed(found) - exact) * 10_000n) / ulp)) / 10_000
}

function nextAfter(x: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  view.setBigUint64(0, view.getBigUint64(0) + 1n)
  return view.getFloat64(0)
}

function times(a: bigint, b: bigint): bigint {
  return (a * b) >> BITS
}

/** 2 atanh(1 / n), or with `sign` -1 twice the arc tangent. */
function twiceAtanhOfInverse(n: bigint, sign: bigint): bigint {
  let power = ONE / n
  let sum = 0n
  for (let k = 1n, alternate = 1n; power !== 0n; k += 2n, alternate *= sign) {
    sum += (alternate * power) / k
    power /= n * n
  }
  return 2n * sum
}

const LN2 = twiceAtanhOfInverse(3n, 1n)
/** Machin, 1706. */
const PI = 8n * twiceAtanhOfInverse(5n, -1n) - 2n * twiceAtanhOfInverse(239n, -1n)

export function exactLog(x: bigint): bigint {
  let k = 0n
  let m = x
  while (m > 2n * ONE) {
    m >>= 1n
    k++
  }
  while (m < ONE) {
    m <<= 1n
    k--
  }
  const s = ((m - ONE) << BITS) / (m + ONE)
  const z = times(s, s)
  let sum = 0n
  for (let power = s, n = 1n; power !== 0n; power = times(power, z), n += 2n) sum += power / n
  return 2n * sum + k * LN2
}

export function exactExp(x: bigint): bigint {
  const k = x / LN2
  const r = x - k * LN2
  let sum = 0n
  for (let term = ONE, n = 1n; term !== 0n; term = times(term, r) / n, n++) sum += term
  return k >= 0n ? sum << k : sum >> -k
}

export function exactSin(x: bigint): bigint {
  const r = x % (2n * PI)
  let sum = 0n
  for (let term = r, n = 2n; term !== 0n; term = -times(times(term, r), r) / (n * (n + 1n)), n += 2n) sum += term
  return sum
}

export function exactPow(x: bigint, y: bigint): bigint {
  return exactExp(times(y, exactLog(x)))
}
