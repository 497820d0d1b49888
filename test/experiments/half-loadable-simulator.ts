/** A simulator that every other worker fails to load: of two workers that start together, one has an even number. */
import { threadId } from 'node:worker_threads'

export { simulateReplication } from './fake-simulator.js'

if (threadId > 0 && threadId % 2 === 0) throw new Error('this thread lacks what the module asks for')
