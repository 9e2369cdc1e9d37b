import { expect, it } from 'vitest'
import { loginsFor, type Secret } from './docker-keyring.ts'

function secret(auths: Readonly<Record<string, object>>): Secret {
  const config = Buffer.from(JSON.stringify({ auths })).toString('base64')
  return { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': config } }
}

const login = { username: 'token', password: 'p:w' }

it.each([
  ['us.icr.io', 'us.icr.io/team/app', true],
  ['https://us.icr.io', 'us.icr.io/team/app', true],
  ['https://us.icr.io/v2/', 'us.icr.io/team/app', true],
  ['https://us.icr.io/v2', 'us.icr.io/team/app', false],
  ['US.icr.io', 'us.icr.io/team/app', false],
  ['us.icr.io:443', 'us.icr.io/team/app', false],
  ['127.0.0.1:5000', '127.0.0.1:5000/team/app', true],
  ['*.icr.io', 'us.icr.io/team/app', true],
  ['*.icr.io', 'icr.io/team/app', false],
  ['*.icr.io', 'private.us.icr.io/team/app', false],
  ['us.icr.io/team', 'us.icr.io/teams/app', true],
  ['us.icr.io/team', 'us.icr.io/other/app', false],
  ['registry.ng.bluemix.net', 'us.icr.io/team/app', false],
  ['[::1]:5000', '[::1]:5000/team/app', true],
  ['[::1]:5000', '[::2]:5000/team/app', false],
  ['[::1]', '[::1]:5000/team/app', false],
  ['https://index.docker.io/v1/', 'docker.io/team/app', true],
  ['https://index.docker.io/v1', 'docker.io/team/app', false],
  ['docker.io', 'docker.io/team/app', true],
  ['registry-1.docker.io', 'docker.io/team/app', false],
  ['https://index.docker.io/v1/', 'us.icr.io/team/app', false],
])('matches %s to %s: %s', (key, image, isMatch) => {
  expect(loginsFor(image, [secret({ [key]: login })])).toEqual(isMatch ? [login] : [])
})

it('tries all that match, the most specific first', () => {
  const [wide, narrow] = [login, { ...login, username: 'narrow' }]
  const secrets = [secret({ 'us.icr.io': wide }), secret({ 'us.icr.io/team': narrow, 'de.icr.io': wide })]
  expect(loginsFor('us.icr.io/team/app', secrets)).toEqual([narrow, wide])
})

it('prefers auth to username and password', () => {
  const entry = { username: 'other', password: 'other', auth: btoa('token:p:w') }
  expect(loginsFor('us.icr.io/team/app', [secret({ 'us.icr.io': entry })])).toEqual([login])
})

it('reads the older type, and no other', () => {
  const data = { '.dockercfg': btoa(JSON.stringify({ 'us.icr.io': login })) }
  expect(loginsFor('us.icr.io/a', [{ type: 'kubernetes.io/dockercfg', data }])).toEqual([login])
  expect(loginsFor('us.icr.io/a', [{ type: 'Opaque', data }])).toEqual([])
})

it('is spoiled by one malformed secret', () => {
  const secrets = [secret({ 'us.icr.io': login }), secret({ 'de.icr.io': { auth: btoa('no colon') } })]
  expect(() => loginsFor('us.icr.io/team/app', secrets)).toThrow('unable to parse auth field')
})
