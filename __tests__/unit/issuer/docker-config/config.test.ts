import { describe, expect, it } from 'vitest'
import { parseDockerConfig } from '../../../../src/issuer/docker-config/config.ts'
import { redact } from '../../../../src/runner/mask.ts'

const parse = (config: unknown) => parseDockerConfig(JSON.stringify(config))
const NOTHING = { entries: new Map(), credHelpers: new Map(), credsStore: undefined }

describe('a docker config', () => {
  it('has entries, helpers of single keys, and a store', () => {
    const config = parse({
      auths: { 'ghcr.io': { auth: btoa('jo:config-password') }, 'quay.io': {} },
      credHelpers: { 'gcr.io': 'gcloud', 'public.ecr.aws': 'ecr-login' },
      credsStore: 'desktop.exe',
      HttpHeaders: { 'User-Agent': 'docker' },
    })
    expect(config).toEqual({
      entries: new Map<string, object>([
        ['ghcr.io', { kind: 'login', username: 'jo', password: 'config-password' }],
        ['quay.io', { kind: 'empty' }],
      ]),
      credHelpers: new Map([
        ['gcr.io', 'gcloud'],
        ['public.ecr.aws', 'ecr-login'],
      ]),
      credsStore: 'desktop.exe',
    })
    expect(redact('config-password')).toBe('***')
  })

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['null for each of its parts', { auths: null, credHelpers: null, credsStore: null }],
    ['empty names of helpers', { auths: {}, credHelpers: { 'gcr.io': '' }, credsStore: '' }],
    ['helpers of another type', { credHelpers: { 'gcr.io': 1 }, credsStore: ['pass'] }],
  ])('may have %s', (_, config) => {
    expect(parse(config)).toEqual(NOTHING)
  })

  it('has keys that are names of members of every object', () => {
    const { entries } = parseDockerConfig(
      `{"auths":{"__proto__":{"auth":"${btoa('jo:proto-password')}"},"toString":{}}}`,
    )
    expect([...entries.keys()]).toEqual(['__proto__', 'toString'])
    expect(Object.prototype).not.toHaveProperty('auth')
  })

  it.each<[string, string, RegExp]>([
    ['no JSON', 'hunter2-password', /^it is not a JSON object$/],
    ['cut', '{"auths":{"ghcr.io":{"auth":"hunter2', /^it is not a JSON object$/],
    ['a list', '["hunter2"]', /^it is not a JSON object$/],
    ['null', 'null', /^it is not a JSON object$/],
    ['with a list of entries', '{"auths":["hunter2"]}', /`auths` or `credHelpers` is not an object/],
    ['with a text for helpers', '{"credHelpers":"hunter2"}', /`auths` or `credHelpers` is not an object/],
    ['with a path to a helper', '{"credsStore":"../hunter2"}', /names a credential helper that is not a plain name/],
    ['with arguments of a helper', '{"credsStore":"pass hunter2"}', /is not a plain name/],
    ['with a line break in a name', '{"credHelpers":{"a":"pass\\n"}}', /is not a plain name/],
    ['with a long name', `{"credsStore":"${'a'.repeat(101)}"}`, /is not a plain name/],
  ])('is rejected when it is %s, without its content', (_, text, message) => {
    const error = catchError(() => parseDockerConfig(text))
    expect(error.message).toMatch(message)
    expect(error.message).not.toContain('hunter2')
    expect(error.cause).toBeUndefined()
  })
})

function catchError(parseOne: () => unknown): Error {
  try {
    parseOne()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('Expected an error.')
}
