// The parts of the benchmark that compute. The benchmark itself is not a test.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { startForwarder } from '../bench/forwarder.ts'
import type { Run } from '../bench/harness.ts'
import { noiseWarning } from '../bench/quiet.ts'
import { wallRatio } from '../bench/ratio.ts'
import { inRounds } from '../bench/rounds.ts'
import { goalTable } from '../bench/tables.ts'

const run = (wall: number): Run => ({ wall, cpu: 0, memory: undefined, requests: 0, handshakes: 0 })

describe('rounds', () => {
  it('run each one once, in order, until it has run for a minute', async () => {
    const order: string[] = []
    const measured = (name: string, wall: number) => ({
      name,
      run: async () => {
        order.push(name)
        return run(wall)
      },
    })

    const runs = await inRounds([measured('short', 1), measured('long', 40_000)], 3)

    expect(order).toEqual(['short', 'long', 'short', 'long', 'short'])
    expect([...runs].map(([name, done]) => [name, done.length])).toEqual([
      ['short', 3],
      ['long', 2],
    ])
  })

  it('are compared one by one: a busy moment met both', () => {
    const runs = new Map([
      ['ours', [run(10), run(100), run(12)]],
      ['theirs', [run(5), run(50), run(4)]],
    ])
    const ratio = wallRatio(runs, ['ours', 'theirs'], { what: 'ours ÷ theirs', goal: '≤ 1' })
    expect(ratio).toEqual({ what: 'ours ÷ theirs', goal: '≤ 1', value: 2, rounds: 3 })
  })
})

describe('a machine', () => {
  it('is quiet with little load and equal starts', () => {
    expect(noiseWarning(0.2, [0.05, 0.1])).toBeUndefined()
  })

  it.each([
    ['a load before', 1, [0.05, 0.1]],
    ['unequal starts before', 0.2, [0.4, 0.1]],
    ['unequal starts after', 0.2, [0.05, 0.4]],
  ])('is not quiet with %s, and the table says so first', (_, load, spreads) => {
    const ratio = { what: 'one ÷ other', value: 1.234, goal: undefined, rounds: 15 }
    const [, , first, second] = goalTable([ratio], noiseWarning(load, spreads)).split('\n')
    expect(first).toMatch(/^\| \*\*The machine was not quiet\*\*/)
    expect(second).toBe('| one ÷ other | 1.23 | – | 15 |')
  })
})

it('a ratio has digits after the point, and a count has none', () => {
  const ratio = { what: 'ratio', value: 2, goal: undefined, rounds: 15 }
  const table = goalTable([ratio, { ...ratio, what: 'count', rounds: undefined }], undefined)
  expect(table.split('\n').slice(2)).toEqual(['| ratio | 2.00 | – | 15 |', '| count | 2 | – | – |'])
})

describe('the forwarder', () => {
  it.each([0, 40])('passes on all bytes in order, with a round trip of %d ms', async (roundTripMs) => {
    await using resources = new AsyncDisposableStack()
    const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
    await once(echo, 'listening')
    resources.defer(() => void echo.close())
    const { port } = echo.address() as { port: number }
    const forwarder = resources.use(await startForwarder(port))
    forwarder.setRoundTrip(roundTripMs)
    const lines = Array.from({ length: 50 }, (_, number) => `line ${number}\n`)

    const sent = lines.join('')

    const socket = connect({ port: forwarder.port, host: '127.0.0.1', noDelay: true })
    const closed = once(socket, 'close')
    let received = ''
    socket.setEncoding('utf8').on('data', (chunk) => {
      received += chunk
      if (received.length >= sent.length) socket.end()
    })
    for (const line of lines) {
      socket.write(line)
      await setTimeout(1)
    }
    await closed

    expect(received).toBe(sent)
    expect([forwarder.takeConnections(), forwarder.takeConnections()]).toEqual([1, 0])
  })
})
