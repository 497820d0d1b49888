/** `npm run -s bench -- kernel [--json]`: how fast the parts are, on this machine, now. */
import { kernelSubjects } from './kernel.js'
import { type Case, measureInterleaved, type Subject } from './measure.js'

const suites: Readonly<Record<string, () => Subject[]>> = { kernel: kernelSubjects }

function table(cases: readonly Case[]): string {
  const rows = cases.map(({ name, eventsPerSecond, min, max }) => {
    const million = (rate: number) => (rate / 1e6).toFixed(2).padStart(8)
    return `${name.padEnd(32)}${(1e9 / eventsPerSecond).toFixed(0).padStart(8)}${million(eventsPerSecond)}${million(min)}${million(max)}`
  })
  return [`${''.padEnd(32)}ns/event  10^6/s     min     max`, ...rows].join('\n')
}

const [suite = 'kernel'] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const subjects = suites[suite]
if (subjects === undefined) {
  console.error(`bench: expected ${Object.keys(suites).join(' or ')}, got "${suite}"`)
  process.exitCode = 2
} else {
  const cases = await measureInterleaved(subjects())
  console.log(process.argv.includes('--json') ? JSON.stringify({ schema: 'fairway/bench/1', cases }) : table(cases))
}
