// Which proxy a URL gets: the tables of Go's own tests, and what they leave out.
import { describe, expect, it } from 'vitest'
import { createProxyChoice, maskProxyLogin, parseProxyUrl } from '../../../src/http/proxy.ts'
import { printable } from '../../../src/runner/log.ts'

function proxyOf(url: string, variables: { http?: string; https?: string; no?: string }): string | undefined {
  const { http = '', https = '', no = '' } = variables
  const choose = createProxyChoice({ http: parseProxyUrl(http), https: parseProxyUrl(https), exceptions: no })
  return choose(new URL(url))?.href
}

// https://github.com/golang/net/blob/master/http/httpproxy/proxy_test.go, TestProxyForURL
describe('as in Go, the proxy of a URL', () => {
  it.each([
    [{ http: '127.0.0.1:8080' }, 'http://example.com', 'http://127.0.0.1:8080/'],
    [{ http: 'cache.corp.example.com:1234' }, 'http://example.com', 'http://cache.corp.example.com:1234/'],
    [{ http: 'cache.corp.example.com' }, 'http://example.com', 'http://cache.corp.example.com/'],
    [{ http: 'localhost' }, 'http://example.com', 'http://localhost/'],
    [{ http: 'https://cache.corp.example.com' }, 'http://example.com', 'https://cache.corp.example.com/'],
    [{ http: 'https://127.0.0.1:8080' }, 'http://example.com', 'https://127.0.0.1:8080/'],
    [{ http: 'socks5://127.0.0.1' }, 'http://example.com', 'socks5://127.0.0.1'],
    [{ http: 'http.proxy.tld', https: 'secure.proxy.tld' }, 'http://insecure.tld/', 'http://http.proxy.tld/'],
    [{ http: 'http.proxy.tld', https: 'secure.proxy.tld' }, 'https://secure.tld/', 'http://secure.proxy.tld/'],
    [{ http: 'http.proxy.tld', https: 'https://secure.proxy.tld' }, 'https://secure.tld/', 'https://secure.proxy.tld/'],
    [{ http: 'http.proxy.tld' }, 'https://secure.tld/', undefined],
    [{}, 'http://example.com', undefined],
    [{ http: 'proxy', no: 'example.com' }, 'http://example.com/', undefined],
    [{ http: 'proxy', no: '.example.com' }, 'http://example.com/', 'http://proxy/'],
    [{ http: 'proxy', no: 'ample.com' }, 'http://example.com/', 'http://proxy/'],
    [{ http: 'proxy', no: 'example.com' }, 'http://foo.example.com/', undefined],
    [{ http: 'proxy', no: '.foo.com' }, 'http://example.com/', 'http://proxy/'],
    [{ http: 'proxy', no: '.示例.com' }, 'http://www.示例.com', undefined],
    [{ http: 'proxy', no: 'xn--fsq092h.com' }, 'http://www.示例.com', undefined],
    [{ http: 'proxy', no: '示例.com' }, 'http://www.xn--fsq092h.com', undefined],
  ])('%j for %s: %s', (variables, url, expected) => {
    expect(proxyOf(url, variables)).toBe(expected)
  })
})

// The same file, TestUseProxy: port 80, the second column says whether the proxy is used.
const NO_PROXY =
  'foobar.com, .barbaz.net, *.wildcard.io, 192.168.1.1, 192.168.1.2:81, 192.168.1.3:80, 10.0.0.0/30, 2001:db8::52:0:1, [2001:db8::52:0:2]:443, [2001:db8::52:0:3]:80, 2002:db8:a::45/64'
const USE_PROXY = [
  ['localhost', false],
  ['127.0.0.1', false],
  ['127.0.0.2', false],
  ['[::1]', false],
  ['[::2]', true],
  ['192.168.1.1', false],
  ['192.168.1.2', true],
  ['192.168.1.3', false],
  ['192.168.1.4', true],
  ['10.0.0.2', false],
  ['[2001:db8::52:0:1]', false],
  ['[2001:db8::52:0:2]', true],
  ['[2001:db8::52:0:3]', false],
  ['[2002:db8:a::123]', false],
  ['[fe80::424b:c8be:1643:a1b6]', true],
  ['barbaz.net', true],
  ['www.barbaz.net', false],
  ['foobar.com', false],
  ['www.foobar.com', false],
  ['foofoobar.com', true],
  ['baz.com', true],
  ['localhost.net', true],
  ['local.localhost', true],
  ['barbarbaz.net', true],
  ['wildcard.io', true],
  ['nested.wildcard.io', false],
  ['awildcard.io', true],
] as const

describe('as in Go, NO_PROXY', () => {
  it.each(USE_PROXY)('lets %s use the proxy: %s', (host, isUsed) => {
    expect(proxyOf(`http://${host}:80`, { http: 'proxy', no: NO_PROXY }) !== undefined).toBe(isUsed)
  })

  it.each(USE_PROXY)('of * lets %s use no proxy', (host) => {
    expect(proxyOf(`http://${host}:80`, { http: 'proxy', no: '*' })).toBeUndefined()
  })

  it.each([
    [':1', 'https://example.com', true],
    ['', 'https://example.com', true],
    [' , ,', 'https://example.com', true],
    ['example.org, * ', 'https://example.com', false],
    ['EXAMPLE.com', 'https://example.com', false],
    ['example.com:443', 'https://example.com', false],
    ['example.com:443', 'https://example.com:8443', true],
    ['*.example.com:8443', 'https://a.example.com:8443', false],
    ['10.0.0.0/8', 'https://10.255.1.1:6443', false],
    ['10.0.0.0/8', 'https://11.0.0.1', true],
    ['10.0.0.0/33', 'https://10.0.0.1', true],
    ['10.0.0.1', 'https://[::ffff:10.0.0.1]', false],
    // Go reads brackets only where a port follows.
    ['[2001:db8::1]', 'https://[2001:db8::1]', true],
    // A space separates nothing.
    ['example.com example.org', 'https://example.com', true],
  ])('of "%s" lets %s use the proxy: %s', (no, url, isUsed) => {
    expect(proxyOf(url, { https: 'proxy', no }) !== undefined).toBe(isUsed)
  })
})

describe('the URL of a proxy', () => {
  it.each([
    '',
    'http://',
    'ftp://proxy',
    'proxy:99999',
    'http://jo:100%@proxy',
    'http://pro xy',
    'https:proxy',
    'http://jo:p@ss/word@proxy',
    '"http://proxy:3128"',
    'http:/proxy:3128',
    'http://CORP\\jo:word@proxy',
  ])('is not %j', (text) => {
    expect(parseProxyUrl(text)).toBeUndefined()
  })

  it('has no path, which Go does not use either', () => {
    expect(parseProxyUrl('http://proxy:3128/proxy.pac?a=b#c')?.href).toBe('http://proxy:3128/')
    expect(parseProxyUrl('socks5://proxy/')?.href).toBe('socks5://proxy')
  })

  it.each(['http://jo:hunter2@proxy:3128', 'jo:hunter2@proxy', 'http://jo:hunt%65r2@proxy', 'ftp://jo:hunter2@proxy'])(
    '%s has a password that no text shows',
    (text) => {
      maskProxyLogin(text)
      for (const secret of ['hunter2', btoa('jo:hunter2')]) expect(printable(`a ${secret} b`)).toBe('a *** b')
    },
  )

  it('may have a password with special characters, which is masked although the URL is invalid', () => {
    maskProxyLogin('http://jo:p@ss#w/rd@proxy:3128')
    expect(printable('p@ss#w/rd')).toBe('***')
  })
})
