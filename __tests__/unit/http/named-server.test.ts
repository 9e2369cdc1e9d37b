// Addresses that a server names: which are refused, and which are reported.
import { describe, expect, it } from 'vitest'
import { isSameDomain } from '../../../src/http/address.ts'
import { acceptNamedServer, type Role } from '../../../src/http/named-server.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const accept = (from: string, to: string, role: Role = 'token server') =>
  acceptNamedServer({ operation: 'log in', from: new URL(from), to: new URL(to), role })

describe('two hosts', () => {
  it.each([
    ['registry-1.docker.io', 'auth.docker.io', true],
    ['registry.gitlab.com', 'gitlab.com', true],
    ['us.icr.io', 'us.icr.io', true],
    ['registry.cfsdedicated1.us-south.bluemix.net', 'login.cfsdedicated1.us-south.bluemix.net', true],
    ['registry.example.co.uk', 'auth.example.co.uk', true],
    ['registry.example.co.uk', 'auth.other.co.uk', false],
    ['registry.example.com', 'auth.example.com.', true],
    ['registry.example.com', 'example.com.evil.net', false],
    ['registry.example.com', 'badexample.com', false],
    ['10.0.0.1', '10.0.0.2', false],
    ['[2001:db8::1]', '[2001:db8::1]', true],
    ['1.2.0.1', '9.9.0.1', false],
    ['registry', 'auth', false],
    ['localhost', '127.0.0.1', true],
  ])('%s and %s have the same owner: %s', (one, other, isSame) => {
    expect(isSameDomain(one, other)).toBe(isSame)
    expect(isSameDomain(other, one)).toBe(isSame)
  })
})

describe('an address that a remote server names is refused', () => {
  it.each([
    ['http://127.0.0.1:5000/token', /http:\/\/127\.0\.0\.1:5000, which is an address of this machine/],
    ['http://localhost/token', /http:\/\/localhost, which is an address of this machine/],
    ['https://127.0.0.1/token', /address of this machine/],
    ['https://127.1/token', /address of this machine/],
    ['https://2130706433/token', /address of this machine/],
    ['https://[::1]/token', /address of this machine/],
    ['https://[::ffff:127.0.0.1]/token', /address of this machine/],
    ['https://0.0.0.0/token', /address of this machine/],
    ['https://[::]/token', /address of this machine/],
    ['https://LOCALHOST./token', /address of this machine/],
    ['https://a.localhost/token', /address of this machine/],
    ['http://auth.example.com/token', /http:\/\/auth\.example\.com, which is not https/],
    ['http://169.254.169.254/latest', /is not https/],
    ['ftp://auth.example.com/token', /is not https/],
  ])('%s', (to, message) => {
    for (const role of ['token server', 'redirect'] as const) {
      expect(() => accept('https://registry.example.com', to, role)).toThrow(
        expect.objectContaining({ code: 'insecure-endpoint', message: expect.stringMatching(message) }),
      )
    }
  })
})

describe('the error for an address without https', () => {
  it.each<[Role, string, RegExp]>([
    [
      'token server',
      'Could not log in: harbor.example.com names as its token server http://harbor.example.com, which is not https',
      /operators of harbor\.example\.com must set its external URL/,
    ],
    [
      'login server',
      'Could not log in: harbor.example.com names as its login server http://harbor.example.com, which is not https',
      /operators of harbor\.example\.com must set the address of its login server/,
    ],
    [
      'redirect',
      'Could not log in: harbor.example.com redirects to http://harbor.example.com, which is not https',
      /operators of harbor\.example\.com/,
    ],
  ])('names the server that named the %s', (role, message, hint) => {
    expect(() => accept('https://harbor.example.com', 'http://harbor.example.com/service/token', role)).toThrow(
      expect.objectContaining({
        code: 'insecure-endpoint',
        message,
        hint: expect.stringMatching(hint),
        details: { host: 'harbor.example.com' },
      }),
    )
  })
})

describe('an address that a server names', () => {
  it('may be one of this machine where the server is', () => {
    using captured = captureLog()
    for (const to of ['http://127.0.0.1:1/token', 'http://localhost/token', 'http://[::1]:2/']) {
      accept('http://127.0.0.1:5000', to)
    }
    expect(captured.log.annotations).toEqual([])
  })

  it('in another domain is reported once, with both hosts', () => {
    using captured = captureLog()
    for (let count = 0; count < 3; count++) accept('https://registry.example.com', 'https://auth.other.net:8443/token')
    accept('https://registry.example.com', 'https://cdn.third.net/v2/', 'redirect')
    expect(captured.log.annotations).toEqual([
      {
        level: 'warning',
        properties: { title: 'Server in other domain' },
        message: expect.stringMatching(
          /^registry\.example\.com names auth\.other\.net:8443 as its token server, in another domain\. .* See https:.*#server-in-other-domain$/,
        ),
      },
      expect.objectContaining({
        message: expect.stringMatching(/^registry\.example\.com redirects to cdn\.third\.net,/),
      }),
    ])
  })

  it('in the same domain is logged', () => {
    using captured = captureLog()
    accept('https://registry-1.docker.io', 'https://auth.docker.io/token')
    accept('https://registry-1.docker.io', 'https://registry-1.docker.io/token')
    expect(captured.log.annotations).toEqual([])
    expect(captured.log.text).toBe('registry-1.docker.io names auth.docker.io as its token server.\n')
  })
})
