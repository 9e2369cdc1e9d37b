import { expect, it } from 'vitest'
import { credentialsOfDockerConfig, credentialsOfRequest, credentialsOfResponse } from './credentials.ts'
import { KnownSecrets } from './known-secrets.ts'

const SECRET = `p<s>"s'w/\\o rd& é`

function formIn(text: string, secret = SECRET): string | undefined {
  const secrets = new KnownSecrets()
  secrets.add(secret, 'test')
  return secrets.find(`before ${text} after`)[0]?.form
}

it.each([
  ['the text', SECRET],
  ['JSON', JSON.stringify(SECRET)],
  ['JSON as Go writes it', 'p\\u003cs\\u003e\\"s\'w/\\\\o rd\\u0026 é'],
  ['JSON in ASCII', 'p<s>\\"s\'w/\\\\o rd& \\u00e9'],
  ['JSON with escaped slashes', 'p<s>\\"s\'w\\/\\\\o rd& é'],
  ['a URI component', encodeURIComponent(SECRET)],
  ['a URI component in lower case', encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())],
  ['a URI component by RFC 3986', encodeURIComponent(SECRET).replace("'", '%27')],
  ['a form field', new URLSearchParams({ password: SECRET }).toString()],
  ['XML', 'p&lt;s&gt;&quot;s&apos;w/\\o rd&amp; é'],
  ['HTML', 'p&lt;s&gt;&quot;s&#39;w/\\o rd&amp; é'],
  ['HTML as Go writes it', 'p&lt;s&gt;&#34;s&#39;w/\\o rd&amp; é'],
  ['HTML with angle brackets only', 'p&lt;s&gt;"s\'w/\\o rd& é'],
  ['without tags', SECRET.replace(/<[^<>]*>/, ' ')],
  ['hexadecimal', Buffer.from(SECRET).toString('hex')],
])('finds a secret as %s', (name, text) => {
  expect(formIn(text)).toBe(name)
})

it.each(['base64', 'base64url'] as const)('finds a secret in %s after any user name', (encoding) => {
  const secret = `${SECRET}???>>>`
  for (const user of ['', 'u', 'us', 'use', 'user']) {
    const text = Buffer.from(`${user}:${secret}, more`).toString(encoding)
    expect(formIn(text, secret)).toMatch(/^base64(url)? at offset [012]$/)
  }
})

it('finds a secret of several lines that a message joins', () => {
  expect(formIn('-----BEGIN KEY----- abc -----END KEY-----', '-----BEGIN KEY-----\nabc\n-----END KEY-----\n')).toBe(
    'white space joined',
  )
})

it('finds a part of a token, and not the header that all tokens have', () => {
  const token = `${btoa('{"alg":"RS256","typ":"JWT","kid":"the same key in all"}').replace(/=+$/, '')}.${'c1aim5'.repeat(20)}`
  expect(formIn(token.slice(0, -5), token)).toBe('a part')
  expect(formIn(token.slice(0, token.indexOf('.') + 5), token)).toBeUndefined()
})

it('finds each secret once, and none that is public or short', () => {
  const secrets = new KnownSecrets()
  secrets.addAll(['password-1', 'password-2', 'iamapikey', 'token-id-3', 'token'], 'test')
  secrets.allow('token-id-3', 'it is the id of the token')
  const found = secrets.find('password-2 password-1 password-1 iamapikey token-id-3 token')
  expect(found.map(({ context }) => context.slice(0, 10))).toHaveLength(2)
})

it('reads the credentials of a request from its headers, its form and its Secret', () => {
  const headers = {
    authorization: `Basic ${btoa('user:pass:word')}`,
    'iam-apikey': 'key',
    'content-type': 'text/plain',
  }
  expect(credentialsOfRequest({ headers, body: 'password=no' })).toEqual([btoa('user:pass:word'), 'pass:word', 'key'])
  const form = { authorization: 'Bearer abc', 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  expect(credentialsOfRequest({ headers: form, body: 'password=a%26b&passcode=c' })).toEqual(['abc', 'a&b', 'c'])
  const config = JSON.stringify({ auths: { host: { auth: btoa('jo:theirs') } } })
  const data = { '.dockerconfigjson': btoa(config) }
  const stored = [btoa(config), config, btoa('jo:theirs'), 'theirs']
  expect(credentialsOfRequest({ headers: {}, body: JSON.stringify({ data }) })).toEqual(stored)
})

it('reads the credentials of a response and of a docker config', () => {
  expect(credentialsOfResponse('{"access_token":"a","jti":"b","tokens":[{"_id":"c","token":"d"}]}')).toEqual(['a', 'd'])
  expect(credentialsOfResponse('<html>')).toEqual([])
  const legacy = JSON.stringify({ host: { username: 'u', password: 'p', identitytoken: 'i' } })
  expect(credentialsOfDockerConfig(legacy)).toEqual(['p', 'i'])
})
