// The entry of a worker thread: is sent its setup first (threads.ts), whose code it loads, and then tasks, each of which it answers.
import { parentPort } from 'node:worker_threads'

let loaded
parentPort.on('message', (message) => {
  if (loaded === undefined) {
    loaded = import(message.worker).then(({ load }) => load(message))
    loaded.then(() => parentPort.postMessage('loaded'))
  } else loaded.then((answer) => parentPort.postMessage(answer(message)))
})
