/** Small bars inside a table: eighths of a block where the terminal's characters have them, else none. */

const WIDTH = 8
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** As long as `value` is of `most`, eight characters at the longest; at least a sliver for what is above 0. */
export function inlineBar(value: number, most: number, hasBlocks: boolean = isUtf8()): string {
  if (!hasBlocks || !(most > 0) || !(value > 0)) return ''
  const steps = Math.max(1, Math.round(Math.min(1, value / most) * WIDTH * 8))
  return '█'.repeat(Math.floor(steps / 8)) + eighths[steps % 8]
}

/** What the locale says of its characters (POSIX: LC_ALL goes before LC_CTYPE before LANG); blocks only where it is UTF-8. */
export function isUtf8(environment: NodeJS.ProcessEnv = process.env): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || ''
  return /utf-?8/i.test(locale)
}
