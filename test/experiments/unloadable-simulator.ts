/** A simulator that no worker can load. */
import { isMainThread } from 'node:worker_threads'

export { simulateReplication } from './fake-simulator.js'

if (!isMainThread) throw new Error('this machine lacks what the module asks for')
