import type { CredentialChoice } from '../policy/credential-choice.ts'

const VERBS = {
  reuse: { now: 'Reusing', plain: 'Reuse', dryRun: undefined },
  mint: { now: 'Minting', plain: 'Mint', dryRun: 'Would mint' },
  write: { now: 'Writing', plain: 'Write', dryRun: 'Would write' },
} as const satisfies Record<CredentialChoice['action'], unknown>

/** For the log, which the run goes on with: `Minting a new token: …`. */
export function choiceInLog(choice: CredentialChoice, isDryRun: boolean): string {
  const { now, dryRun } = VERBS[choice.action]
  return sentence((isDryRun ? dryRun : undefined) ?? now, choice)
}

/** For the job summary, as a run can fail before it does what it chose: `Mint a new token: …`. */
export function choiceInSummary(choice: CredentialChoice, isDryRun: boolean): string {
  const { plain, dryRun } = VERBS[choice.action]
  return sentence((isDryRun ? dryRun : undefined) ?? plain, choice)
}

function sentence(verb: string, choice: CredentialChoice): string {
  return `${verb} ${objectOf(choice)}: ${choice.reason}.`
}

function objectOf(choice: CredentialChoice): string {
  switch (choice.action) {
    case 'reuse':
      return `token ${choice.tokenId}`
    case 'mint':
      return 'a new token'
    case 'write':
      return 'the provided credential'
  }
}
