// The entry of a worker thread in a checkout: its code comes along, compiled once for all workers (piscina.ts). The build starts worker.js itself.
import { workerData } from 'node:worker_threads'

const { default: carryOut } = await import(workerData.worker)
export default carryOut
