import { expect, it } from 'vitest'
import type { CredentialChoice } from '../../../src/policy/credential-choice.ts'
import { choiceInLog, choiceInSummary } from '../../../src/report/credential-choice.ts'

const reuse: CredentialChoice = { action: 'reuse', tokenId: 'id-1', reason: 'a, b' }
const mint: CredentialChoice = { action: 'mint', reason: 'a, b' }
const write: CredentialChoice = { action: 'write', reason: 'a, b' }

it.each([
  [reuse, 'Reusing token id-1: a, b.', 'Reuse token id-1: a, b.'],
  [mint, 'Minting a new token: a, b.', 'Mint a new token: a, b.'],
  [write, 'Writing the provided credential: a, b.', 'Write the provided credential: a, b.'],
])('the log says what the run does, and the summary does not say that it is done: $action', (choice, log, summary) => {
  expect([choiceInLog(choice, false), choiceInSummary(choice, false)]).toEqual([log, summary])
})

it.each([
  [mint, 'Would mint a new token: a, b.'],
  [write, 'Would write the provided credential: a, b.'],
])('both say that a dry run would do it: $action', (choice, sentence) => {
  expect([choiceInLog(choice, true), choiceInSummary(choice, true)]).toEqual([sentence, sentence])
})

it('a dry run reuses as any other', () => {
  expect([choiceInLog(reuse, true), choiceInSummary(reuse, true)]).toEqual([
    'Reusing token id-1: a, b.',
    'Reuse token id-1: a, b.',
  ])
})
