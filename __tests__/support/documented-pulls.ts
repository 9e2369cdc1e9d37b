// Whether the job summary of a failed run and docs/troubleshooting.md agree on "Pods keep pulling?".
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { headingsOf } from './markdown-page.ts'

const entries = headingsOf(readFileSync('docs/troubleshooting.md', 'utf8'))

/** The answers in a job summary, the worst first; none when the run writes no secret. */
export function pullAnswersOf(summary: string): string[] {
  const [, fact = ''] = /^\| \*\*Pods keep pulling\?\*\* \| (.*) \|$/m.exec(summary) ?? []
  return fact === '' ? [] : fact.split('<br>')
}

/** The worst answer is one that the entry of the code has. */
export function expectDocumentedPulls(summary: string, code: string): void {
  const [worst] = pullAnswersOf(summary)
  if (worst === undefined) return
  const [, word = ''] = /^\*\*(.*?)\*\*/.exec(worst) ?? []
  // In a namespace without the secret, As before means No.
  const documented = worst.includes('the secret does not exist') ? ['No', 'As before'] : [word]
  const entry = documentedAnswer(code)
  expect(
    documented.some((one) => entry.includes(one)),
    `"${worst}" is not in the entry of ${code}: "${entry}"`,
  ).toBe(true)
}

/** What docs/troubleshooting.md says for a code. */
function documentedAnswer(code: string): string {
  const entry = entries.find(({ text }) => text === code)
  return /^\*\*Pods keep pulling\?\*\* ([\s\S]*?)\n\n/.exec(entry?.body.trimStart() ?? '')?.[1] ?? ''
}
