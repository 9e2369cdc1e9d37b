import { Agent, buildConnector } from 'undici'
import { createSend } from '../../../src/http/client.ts'

/** The first connections go to a port without a server. */
export function startRefusedClient(refusals: number) {
  let connections = 0
  const connect = buildConnector({})
  const agent = new Agent({
    connect: (options, callback) => {
      connections++
      connect(connections > refusals ? options : { ...options, host: '127.0.0.1', port: '1' }, callback)
    },
  })
  return {
    send: createSend(agent, new AbortController().signal, { firstRetryDelayMs: 10 }),
    connections: () => connections,
    [Symbol.asyncDispose]: () => agent.destroy(),
  }
}
