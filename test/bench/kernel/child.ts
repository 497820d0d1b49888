/** One process of the benchmark: `child CASE RUNS` prints the seconds of each run, the bytes allocated per event in the last, and the peak of memory. */
import { bareMm1 } from './bare-mm1.js'
import { holdWithFlatqueue, holdWithQueue } from './hold.js'
import * as mm1 from './mm1.js'
import * as mmc from './mmc.js'
import { simjsMm1 } from './simjs.js'

const [name = '', runs = '5'] = process.argv.slice(2)
const [what, size] = name.split(':')
const hold = what === 'hold' ? holdWithQueue(Number(size)) : what === 'flatqueue' ? holdWithFlatqueue(Number(size)) : null

function batch(run: number): void {
  if (hold) hold(1e6)
  else if (what === 'mm1') mm1.serve(mm1.createWorld(0.8, 1, run), 1e6)
  else if (what === 'bare') bareMm1(1e6, run)
  else if (what === 'mmc') mmc.serve(mmc.createWorld(1, run), 1e6)
  else if (what === 'simjs') simjsMm1(1e5, run)
  else throw new Error(`no case "${name}"`)
}

for (let run = 0; run < Number(runs); run++) {
  const start = performance.now()
  batch(run)
  console.log((performance.now() - start) / 1000)
}
console.log(`peak ${process.resourceUsage().maxRSS} KiB`)
