// Lists of a server that never comes to an end.
import { expect, it } from 'vitest'
import { UnexpectedResponse } from '../../../src/http/errors.ts'
import type { HttpResponse } from '../../../src/http/response.ts'
import { pagesOf } from '../../../src/kubernetes/list.ts'
import { errorOf } from '../../support/error-of.ts'

const exchange = { service: 'cluster', operation: 'list the secrets', from: 'GET https://a/api', host: 'a' } as const

/** A server that responds with these pages, each with the continue token that `tokenOf` gives it. */
function serverOf(tokenOf: (page: number) => string, items: unknown = [{ a: 1 }]) {
  let requests = 0
  const request = async () => {
    const body = { kind: 'SecretList', items, metadata: { continue: tokenOf(requests++) } }
    const unexpected = (problem: string) => new UnexpectedResponse(exchange, problem)
    return { status: 200, text: JSON.stringify(body), json: () => body, unexpected } as unknown as HttpResponse
  }
  return { request, requests: () => requests }
}

const read = async (server: ReturnType<typeof serverOf>) =>
  (await Array.fromAsync(pagesOf(server, { operation: exchange.operation, path: '/api' }))).flatMap(
    ({ items }) => items,
  )

it.each<[string, (page: number) => string, number, RegExp]>([
  ['more pages than any cluster has', String, 1000, /the list has more than 1,000 pages$/],
  ['the same page for ever', () => 'same', 2, /it returned the same continue token twice$/],
  ['the same two pages for ever', (page) => String(page % 2), 3, /it returned the same continue token twice$/],
  ['a token that is too long', (page) => `${page}`.padEnd(20_000), 1, /its continue token is too long$/],
])('of %s fail', async (_, tokenOf, requests, message) => {
  const server = serverOf(tokenOf)
  const error = await errorOf(read(server))
  expect(error).toMatchObject({ code: 'cluster-unexpected-response', message: expect.stringMatching(message) })
  expect(server.requests()).toBe(requests)
})

it('may have a thousand pages', async () => {
  expect(await read(serverOf((page) => (page === 999 ? '' : String(page))))).toHaveLength(1000)
})

it('leave out what is no object', async () => {
  expect(await read(serverOf(() => '', [null, 1, 'a', [], { a: 1 }]))).toEqual([{ a: 1 }])
})
