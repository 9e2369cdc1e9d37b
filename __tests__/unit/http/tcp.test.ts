import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { connectTcp } from '../../../src/http/tcp.ts'

/** Listens and accepts nothing: after a few connections, the system ignores those that come. */
const BUSY = `
  const { createServer } = require('node:net')
  const { parentPort } = require('node:worker_threads')
  const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000)
  })
`

it('a connection that does not come about ends with an error, and not with the patience of the system', async () => {
  const worker = new Worker(BUSY, { eval: true })
  const port: number = await new Promise((resolve) => worker.once('message', resolve))
  const fillers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}))
  try {
    const url = { protocol: 'https:', hostname: '127.0.0.1', host: `127.0.0.1:${port}`, port: String(port) }
    const [error] = await new Promise<unknown[]>((resolve) => connectTcp(url, (...result) => resolve(result)))
    expect(error).toEqual(new Error('no connection within 1 s'))
  } finally {
    for (const filler of fillers) filler.destroy()
    await worker.terminate()
  }
})
