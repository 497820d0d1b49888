/** Numbers as they are printed: rounded to their error, never finer. */

const MINUS = '−'

/**
 * Decimal places that a half-width justifies: one significant digit of it, or two where one digit would change it by more than a fifth
 * (0.14 stays 0.14, 0.11 becomes 0.1). Negative where even the units are uncertain: 340 becomes 300.
 */
export function decimalsOf(halfWidth: number): number {
  if (!(halfWidth > 0) || !Number.isFinite(halfWidth)) throw new RangeError(`a half-width must be positive and finite, got ${halfWidth}`)
  const exponent = Math.floor(Math.log10(halfWidth))
  const unit = 10 ** exponent
  const oneDigit = Math.round(halfWidth / unit) * unit
  const more = Math.abs(oneDigit - halfWidth) > halfWidth / 5 ? 1 : 0
  // 0.096 rounds up to 0.1: the digit that counts has moved one place.
  return (oneDigit >= 10 * unit * 0.999 ? -exponent - 1 : -exponent) + more
}

/** A number at so many decimal places, with a true minus sign; `-1` rounds to tens. Never `−0`. */
export function fixed(value: number, decimals: number): string {
  const factor = 10 ** Math.max(0, -decimals)
  const rounded = Math.round(value / factor) * factor
  const text = decimals >= 0 ? value.toFixed(decimals) : rounded.toFixed(0)
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', MINUS)
}

/**
 * `8.7 ± 0.1`; a half-width of 0 is printed as such; without one (null), three significant digits and nothing else.
 * @param leastDigits significant digits of the value that stay even where the half-width would take them away
 */
export function estimate(value: number, halfWidth: number | null, leastDigits?: number): string {
  if (halfWidth === null) return significant(value, 3)
  if (halfWidth === 0) return `${significant(value, 4)} ± 0`
  const keeps = leastDigits !== undefined && value !== 0
  const decimals = keeps ? Math.max(decimalsOf(halfWidth), decimalsAt(value, leastDigits)) : decimalsOf(halfWidth)
  return `${fixed(value, decimals)} ± ${fixed(halfWidth, decimals)}`
}

/** A number at so many significant digits, without an exponent. */
export function significant(value: number, digits: number): string {
  if (value === 0) return '0'
  return fixed(value, decimalsAt(value, digits))
}

const decimalsAt = (value: number, digits: number): number => digits - 1 - Math.floor(Math.log10(Math.abs(value)))

/** Of two estimates with their relative error beside them, so that a reader who computes the error again finds it: 18.2 ± 1.0, where 18 ± 1 hides 2 %. */
export const DIGITS_BESIDE_ERROR = 3

/** A share as a percentage, signed where it is an error: `+1.8 %`. */
export function percent(share: number, { signed = false, decimals = 1 } = {}): string {
  const text = fixed(share * 100, decimals)
  return `${signed && share > 0 && Number(text) !== 0 ? '+' : ''}${text} %`
}
