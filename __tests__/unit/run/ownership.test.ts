import { expect, it } from 'vitest'
import type { Confirmation, Issuer, StoredCredential } from '../../../src/issuer/issuer.ts'
import { OwnershipCheck } from '../../../src/run/ownership.ts'

/** An issuer that returns these in turn; an error is thrown. */
function issuerOf(...responses: (Confirmation | Error)[]) {
  const asked: StoredCredential[] = []
  const confirm = async (stored: StoredCredential) => {
    asked.push(stored)
    const response = responses.shift()
    if (response instanceof Error) throw response
    return response ?? 'mismatch'
  }
  return { asked, check: new OwnershipCheck(async () => ({ confirm }) as Issuer) }
}

const stored = (id: string, value: string) => ({ id, value })

it('asks once for each stored value', async () => {
  const { asked, check } = issuerOf('match', 'gone')
  const references = [stored('a', 'first value'), stored('b', 'second value')]
  const expected = new Map([
    ['a', 'ours'],
    ['b', 'gone'],
  ])
  expect(await check.of(references)).toEqual(expected)
  expect(await check.of(references)).toEqual(expected)
  expect(asked).toEqual(references)
})

it('takes a token for ours when the issuer confirms one of its values', async () => {
  const { check } = issuerOf('mismatch', 'match', 'mismatch')
  const references = ['first value', 'second value', 'third value'].map((value) => stored('a', value))
  expect(await check.of(references)).toEqual(new Map([['a', 'ours']]))
})

it('asks again after a request that failed', async () => {
  const { asked, check } = issuerOf(new Error('down'), 'match')
  await expect(check.of([stored('a', 'some value')])).rejects.toThrow('down')
  expect(await check.of([stored('a', 'some value')])).toEqual(new Map([['a', 'ours']]))
  expect(asked).toHaveLength(2)
})

it('asks nothing when nothing was superseded', async () => {
  const { asked, check } = issuerOf()
  expect(await check.of([])).toEqual(new Map())
  expect(asked).toEqual([])
})
