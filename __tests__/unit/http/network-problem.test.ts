import { expect, it } from 'vitest'
import { networkProblemOf } from '../../../src/http/network-problem.ts'

const failure = (message: string, more: object) => Object.assign(new Error(message), more)

it.each([
  ['503', /^Check HTTPS_PROXY, and that the proxy lets this runner connect/, false],
  ['403', /^Check HTTPS_PROXY, and that the proxy lets this runner connect/, true],
  ['407', /^The proxy of this runner requires authentication/, true],
])('says that a proxy returned %s', (status, hint, isPermanent) => {
  const error = failure(`Proxy response (${status}) !== 200 when HTTP Tunneling`, { code: 'UND_ERR_ABORTED' })
  expect(networkProblemOf(error, 'a.example.com')).toMatchObject({
    text: `the proxy of this runner returned ${status} instead of a connection`,
    hint: expect.stringMatching(hint),
    isPermanent,
    mayBeSent: false,
  })
})

it.each([
  ['the server', 'a.example.com', /^Check the host name/],
  ['the server with a port', 'a.example.com:5000', /^Check the host name/],
  ['its proxy', 'b.example.com', /^a\.example\.com is the proxy: check HTTPS_PROXY, or the `proxy-url`/],
])('names %s when a name cannot be resolved', (_, host, hint) => {
  const error = failure('getaddrinfo ENOTFOUND a.example.com', { code: 'ENOTFOUND', hostname: 'a.example.com' })
  expect(networkProblemOf(error, host).hint).toMatch(hint)
})

it.each([
  ['127.0.0.1:6443', /^The address is that of this runner itself/],
  ['localhost', /^The address is that of this runner itself/],
  ['[::1]:6443', /^The address is that of this runner itself/],
  ['10.0.0.1:6443', /^Check that the host is up/],
])('explains a refused connection to %s', (host, hint) => {
  const error = failure('connect ECONNREFUSED', { code: 'ECONNREFUSED' })
  expect(networkProblemOf(error, host).hint).toMatch(hint)
})
