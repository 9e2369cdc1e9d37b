import { describe, expect, it } from 'vitest'
import { readEntry } from '../../../../src/issuer/docker-config/entry.ts'
import { redact } from '../../../../src/runner/mask.ts'
import { signHs256 } from '../../../support/ibm/jwt.ts'

const login = (username: string, password: string) => ({ kind: 'login', username, password })
const IDENTITY_TOKEN = { kind: 'identity-token' }
const EMPTY = { kind: 'empty' }

describe('an entry of a docker config', () => {
  it.each<[string, unknown, object]>([
    ['user name and password', { username: 'jo', password: 'password-1' }, login('jo', 'password-1')],
    ['the base64 of both', { auth: btoa('jo:password-2') }, login('jo', 'password-2')],
    ['base64 without padding', { auth: btoa('j:password-3').replaceAll('=', '') }, login('j', 'password-3')],
    ['a password with colons', { auth: btoa('jo:a:b:password') }, login('jo', 'a:b:password')],
    ['a password that docker padded', { auth: btoa('jo:password-4\0\0') }, login('jo', 'password-4')],
    ['a password with other NULs', { auth: btoa('jo:\0pass\0word\0') }, login('jo', '\0pass\0word')],
    ['a password that is not ASCII', { auth: Buffer.from('jo:pässwörd').toString('base64') }, login('jo', 'pässwörd')],
    [
      '`auth` before user name and password, as the kubelet',
      { username: 'other', password: 'other-password', auth: btoa('jo:password-5') },
      login('jo', 'password-5'),
    ],
    ['`auth` without a password', { username: 'jo', password: 'other-password', auth: btoa('jo:') }, EMPTY],
    [
      '`auth` that is not one',
      { username: 'jo', password: 'password-6', auth: btoa('no colon') },
      login('jo', 'password-6'),
    ],
    ['an identity token', { auth: btoa('00000000-0000-0000-0000-000000000000:'), identitytoken: 't' }, IDENTITY_TOKEN],
    ['a registry token', { registrytoken: 'bearer' }, IDENTITY_TOKEN],
    ['an empty identity token', { auth: btoa('jo:password-7'), identitytoken: '' }, login('jo', 'password-7')],
    ['only an e-mail address', { email: 'a@example.com' }, EMPTY],
    ['only a user name', { username: 'jo' }, EMPTY],
    ['only a password', { password: 'password-8' }, EMPTY],
    ['values of other types', { username: ['jo'], password: 12345678, auth: { a: 1 }, identitytoken: true }, EMPTY],
    ['null', null, EMPTY],
    ['a text', 'am86cGFzc3dvcmQ=', EMPTY],
    ['a list', [{ auth: btoa('jo:password-9') }], EMPTY],
  ])('is %s', (_, entry, expected) => {
    expect(readEntry(entry)).toEqual(expected)
  })
})

describe('masks', () => {
  const jwt = signHs256({ sub: 'nginx' }, 'secret')
  it.each<[string, object, string]>([
    ['the password of `auth`', { auth: btoa('jo:masked-of-auth') }, 'masked-of-auth'],
    ['the password', { username: 'jo', password: 'masked-password' }, 'masked-password'],
    ['a password without a user name', { password: 'masked-alone' }, 'masked-alone'],
    ['a password that `auth` replaces', { auth: btoa('jo:other-1'), password: 'masked-replaced' }, 'masked-replaced'],
    ['`auth` without a user name', { auth: btoa(':masked-no-user') }, 'masked-no-user'],
    ['`auth` without a colon', { auth: btoa('masked-no-colon') }, 'masked-no-colon'],
    ['an identity token', { identitytoken: 'masked-identity' }, 'masked-identity'],
    ['a registry token', { registrytoken: 'masked-registry' }, 'masked-registry'],
    ['a password with an identity token', { auth: btoa('jo:masked-with-t'), identitytoken: 't' }, 'masked-with-t'],
    ['a JWT as user name', { auth: btoa(`${jwt}:none`) }, jwt],
    ['a user name that is the secret', { auth: btoa('masked-username:x-oauth-basic') }, 'masked-username'],
  ])('%s', (_, entry, secret) => {
    readEntry(entry)
    expect(redact(`a ${secret} b`)).toBe('a *** b')
  })

  it('neither the user name nor a password that is the same', () => {
    expect(readEntry({ auth: btoa('anonymous-user:anonymous-user') })).toMatchObject({ kind: 'login' })
    expect(redact('anonymous-user')).toBe('anonymous-user')
  })
})
