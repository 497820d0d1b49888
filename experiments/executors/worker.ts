/** The entry of a worker thread: simulates what it is handed and returns the record, never the raw messages. */
import { workerData } from 'node:worker_threads'
import { type ReplicationRecord, recordReplication } from '../replication-record.js'
import type { SimulateReplication, Task } from './executor.js'
import type { WorkerSetup } from './piscina.js'

const { profile, simulator } = workerData as WorkerSetup
const { simulateReplication } = (await import(simulator)) as { simulateReplication: SimulateReplication }

export default ({ scenario, options }: Task): ReplicationRecord => recordReplication(simulateReplication(scenario, profile, options))
