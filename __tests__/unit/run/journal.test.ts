import { describe, expect, it } from 'vitest'
import { RunJournal } from '../../../src/run/journal.ts'
import type { JournalRecord, RunPhase } from '../../../src/runner/state.ts'

const EVENTS = {
  minting: (journal: RunJournal) => journal.mintStarts('description'),
  writing: (journal: RunJournal) => journal.writeStarts('id', ['old']),
  revoking: (journal: RunJournal) => journal.revocationStarts(['old']),
  settled: (journal: RunJournal) => journal.settled(),
}

/** A way to each phase. */
const WAYS: Readonly<Record<RunPhase, readonly RunPhase[]>> = {
  settled: [],
  minting: ['minting'],
  writing: ['minting', 'writing'],
  revoking: ['writing', 'revoking'],
}

const ALLOWED: Readonly<Record<RunPhase, readonly RunPhase[]>> = {
  settled: ['minting', 'writing', 'revoking', 'settled'],
  minting: ['minting', 'writing', 'settled'],
  writing: ['minting', 'writing', 'revoking', 'settled'],
  revoking: ['settled'],
}

const phases = Object.keys(EVENTS) as RunPhase[]

function journalIn(phase: RunPhase) {
  const saved: Partial<JournalRecord>[] = []
  const journal = new RunJournal((record) => saved.push(record))
  for (const step of WAYS[phase]) EVENTS[step](journal)
  saved.length = 0
  return { journal, saved }
}

describe.each(phases)('a run that is %s', (from) => {
  it.each(phases)('may or may not become %s, as the table says', (to) => {
    const { journal, saved } = journalIn(from)
    if (ALLOWED[from].includes(to)) {
      EVENTS[to](journal)
      expect(journal.phase).toBe(to)
      expect(saved.at(-1)?.phase).toBe(to)
    } else {
      expect(() => EVENTS[to](journal)).toThrow(`${to} after ${from}`)
      expect({ phase: journal.phase, saved }).toEqual({ phase: from, saved: [] })
    }
  })
})

it('records what the post step needs with each phase', () => {
  const saved: Partial<JournalRecord>[] = []
  const journal = new RunJournal((record) => saved.push(record))
  journal.mintStarts('described')
  journal.minted('new')
  journal.writeStarts('new', ['old'])
  journal.revocationStarts(['old'])
  journal.settled()
  expect(saved).toEqual([
    { phase: 'minting', description: 'described' },
    { phase: 'minting', mintedId: 'new' },
    { phase: 'writing', currentId: 'new', superseded: ['old'] },
    { phase: 'revoking', superseded: ['old'] },
    { phase: 'settled' },
  ])
})
