import { describe, expect, it } from 'vitest'
import { Reader } from '../../../src/inputs/reader.ts'
import { environmentOf, inputOf } from './fixture.ts'

const reader = (inputs: Readonly<Record<string, string>>) => new Reader(environmentOf(inputs))

it('accepts only names of the table, with the method of their type', () => {
  const read = reader({})
  // @ts-expect-error: the input is called `dry-run`.
  expect(() => read.flag('dryrun')).toThrow(TypeError)
  // @ts-expect-error: a secret must be read, and masked, by `secret`.
  read.text('docker-password')
  // @ts-expect-error: `timeout` is a duration.
  read.flag('timeout')
})

describe('isSet', () => {
  it.each([
    [{}, false],
    [{ write: '' }, false],
    [{ write: ' ' }, false],
    [{ write: 'false' }, false],
    [{ write: 'False' }, false],
    [{ write: 'true' }, true],
    [{ write: 'yes' }, true],
  ])('compares a value with its default: %j', (inputs, isSet) => {
    expect(reader(inputs).isSet('write')).toBe(isSet)
  })

  it('ignores a list without items', () => {
    expect(reader({ 'docker-server': ' ,\n' }).isSet('docker-server')).toBe(false)
    expect(reader({ 'docker-server': 'a,' }).isSet('docker-server')).toBe(true)
  })
})

describe('flag', () => {
  it.each([
    ['true', true],
    ['True', true],
    ['FALSE', false],
  ])('accepts %s', (value, flag) => {
    const read = reader({ permanent: value, write: value, 'dry-run': value })
    expect([read.flag('permanent'), read.flag('write'), read.flag('dry-run')]).toEqual([flag, flag, flag])
    expect(read.errors()).toEqual([])
  })
})

describe('duration', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['90s', 90_000],
    ['5m', 300_000],
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
  ])('accepts %s', (value, durationMs) => {
    const read = reader({ 'max-age': value })
    expect(read.duration('max-age')).toBe(durationMs)
    expect(read.errors()).toEqual([])
  })

  it.each(['0', '0s', '0d'])('rejects %s where it must be positive', (value) => {
    const read = reader({ timeout: value })
    read.duration('timeout')
    expect(read.errors()).toHaveLength(1)
  })
})

describe('an unknown input', () => {
  const check = (inputs: Readonly<Record<string, string>>) => {
    const read = reader(inputs)
    read.checkUnknown()
    return { errors: read.errors().map(({ message, hint }) => [inputOf(message), hint]), warnings: read.warnings }
  }

  it.each([
    ['namespace', 'namespaces'],
    ['kube_config', 'kubeconfig'],
    ['docker-servers', 'docker-server'],
    ['secretname', 'secret-name'],
    ['service-account', 'service-accounts'],
    ['maxage', 'max-age'],
    ['adopts', 'adopt'],
    ['adpot', 'adopt'],
  ])('%s is an error that names `%s`, and a warning where that is set', (name, meant) => {
    expect(check({ [name]: 'a' })).toEqual({ errors: [[name, `Use \`${meant}\` instead.`]], warnings: [] })
    expect(check({ [name]: 'a', [meant]: '1' })).toEqual({ errors: [], warnings: [expect.stringContaining(name)] })
  })

  it.each(['image-tag', 'constructor', '__proto__', 'environment', 'registry', 'token'])('%s is a warning', (name) => {
    const warning = `Input "${name}" is not an input of this action and has no effect.`
    expect(check(Object.fromEntries([[name, 'a']]))).toEqual({ errors: [], warnings: [warning] })
  })

  it('without a value is neither', () => {
    expect(check({ namespace: '', registry: ' ' })).toEqual({ errors: [], warnings: [] })
  })
})
