/** Prints what became of a thousand mutations, and ten telling ones: `node --import ./register.mjs test/experiments/print-mutations.ts [SEED]`. */
import { findingOf, inWords, outcomeOf, tellingOnes } from './mutation-outcome.js'
import { mutations } from './mutations.js'

const seed = Number(process.argv[2] ?? 1)
const outcomes = mutations(seed, 1000).map(outcomeOf)
const counts = new Map<string, number>()
for (const outcome of outcomes) counts.set(findingOf(outcome), (counts.get(findingOf(outcome)) ?? 0) + 1)
console.log(
  `seed ${seed}: ${outcomes.length} mutations, no crash; ${[...counts].map(([finding, count]) => `${count} ${finding}`).join(', ')}\n`,
)
for (const outcome of tellingOnes(outcomes)) console.log(`${inWords(outcome)}\n`)
for (const outcome of outcomes) if (findingOf(outcome) === 'elsewhere') console.log(`found elsewhere: ${inWords(outcome)}\n`)
