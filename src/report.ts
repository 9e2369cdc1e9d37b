import { setOutput } from '@actions/core'
import type { Outcome } from './cluster/fan-out.ts'
import type { Credential } from './credential.ts'
import type { Workload, WorkloadReport } from './deploy.ts'
import { explain } from './errors.ts'
import type { RegistryInputs } from './inputs/registry.ts'
import * as log from './log.ts'
import { mask, redact } from './mask.ts'
import { dockerConfig } from './registry/docker-config.ts'
import type { Verdict } from './registry/verdict.ts'
import type { Revocation } from './revocation.ts'

/** One entry of the output `targets`. */
interface TargetOutput {
  readonly cluster: string
  readonly namespace: string
  readonly secret: string
  readonly result: Outcome['result']
  readonly serviceAccounts: readonly { readonly name: string; readonly result: string }[]
  readonly error?: string
}

/** What a run has to tell, published as an output as soon as it is known and remembered for the job summary. */
export class Report {
  readonly #known = new Set<string>()
  #decision = ''
  #proofs: readonly string[] = []
  #credential: readonly string[] | undefined
  #targets: readonly TargetOutput[] = []
  #workloads: readonly WorkloadReport[] = []
  #revocation: Pick<Revocation, 'revoked' | 'unrevoked'> = { revoked: [], unrevoked: [] }

  /** Whatever a run did not get to, or had no part of: a workflow can still read it as JSON. */
  finish(): void {
    const usual = { changed: false, targets: '[]', workloads: '[]', revoked: '[]', unrevoked: '[]' }
    for (const [name, value] of Object.entries(usual)) if (!this.#known.has(name)) this.#set(name, value)
  }

  decision(sentence: string): void {
    log.info(sentence)
    this.#decision = sentence
  }

  organization(guid: string): void {
    this.#set('organization-guid', guid)
  }

  credential({ tokenId, expiresAt, minted, password }: Credential, registry: RegistryInputs): void {
    const ends = expiresAt?.toISOString().replace('.000Z', 'Z')
    const servers = registry.servers.join(',')
    this.#set('token', mask(password))
    this.#set('token-id', tokenId)
    this.#set('token-expires-at', ends ?? '')
    this.#set('minted', minted)
    this.#set('docker-server', servers)
    this.#set('docker-username', registry.username)
    this.#set('docker-config-json', dockerConfig({ ...registry, password }))
    const origin = minted ? 'minted in this run' : 'kept from an earlier run'
    this.#credential = [tokenId, origin, ends ?? 'never', servers, registry.username]
  }

  proofs(verdicts: readonly Verdict[]): void {
    for (const { sentence, cure } of verdicts) {
      // A verdict that works and still has a cure is one that proves less than was hoped.
      if (cure === undefined) log.info(`${sentence}.`)
      else log.warning(`${sentence}. ${cure}`)
    }
    this.#proofs = verdicts.map(({ sentence }) => `${sentence}.`)
  }

  /** @returns why targets failed */
  targets(secret: string | undefined, outcomes: readonly Outcome[]): unknown[] {
    this.#targets = outcomes.map((outcome) => ({
      cluster: outcome.cluster.name,
      namespace: outcome.namespace,
      secret: secret ?? '',
      result: outcome.result,
      serviceAccounts: outcome.serviceAccounts ?? [],
      ...('failure' in outcome && { error: explain(outcome.failure).join(' ') }),
    }))
    for (const target of this.#targets) {
      if (target.result !== 'failed')
        log.info(`Secret ${target.namespace}/${secret} in ${target.cluster}: ${whole(target)}`)
    }
    this.#set('secret-name', secret ?? '')
    this.#set(
      'changed',
      this.#targets
        .flatMap(({ result, serviceAccounts }) => [result, ...serviceAccounts.map((account) => account.result)])
        .some((result) => result === 'created' || result === 'updated'),
    )
    this.#set('targets', redact(JSON.stringify(this.#targets)))
    return outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome.failure] : []))
  }

  /** @returns why workloads failed */
  workloads(workloads: readonly Workload[]): unknown[] {
    this.#workloads = workloads.map(({ failure: _, ...workload }) => workload)
    this.#set('workloads', redact(JSON.stringify(this.#workloads)))
    return workloads.flatMap(({ failure }) => (failure === undefined ? [] : [failure]))
  }

  /** @returns why tokens could not be revoked */
  revocation({ revoked, unrevoked, failures }: Revocation): readonly unknown[] {
    this.#revocation = { revoked, unrevoked }
    this.#set('revoked', JSON.stringify(revoked))
    this.#set('unrevoked', JSON.stringify(unrevoked.map(({ tokenId }) => tokenId)))
    return failures
  }

  #set(name: string, value: string | boolean): void {
    this.#known.add(name)
    setOutput(name, value)
  }

  /** The job summary, in GitHub's Markdown. */
  summary(failures: readonly string[], manifests: readonly string[] = []): string {
    const { revoked, unrevoked } = this.#revocation
    return [
      `## ${failures.length > 0 ? '❌' : '✅'} Registry Pull Secret`,
      ...failures.map((failure) => `> [!CAUTION]\n> ${inline(failure)}`),
      ...manifests.map((manifest) => `Missing in the cluster, to be applied:\n\n${code('yaml', manifest)}`),
      inline(this.#decision),
      table(['Token', 'Origin', 'Ends', 'Registry', 'User'], this.#credential === undefined ? [] : [this.#credential]),
      this.#proofs.map((proof) => `- ${inline(proof)}`).join('\n'),
      table(
        ['Secret', 'Namespace', 'Cluster', 'Result'],
        this.#targets.map((one) => [one.secret, one.namespace, one.cluster, withReason(whole(one), one.error)]),
      ),
      table(
        ['Workload', 'Namespace', 'Cluster', 'Result'],
        this.#workloads.map((one) => [
          `${one.kind} ${one.name}`,
          one.namespace,
          one.cluster,
          withReason(one.result, one.reason),
        ]),
      ),
      table(
        ['Replaced token', 'What became of it'],
        [
          ...revoked.map((tokenId) => [tokenId, 'revoked']),
          ...unrevoked.map(({ tokenId, reason }) => [tokenId, `still alive: ${reason}`]),
        ],
      ),
    ]
      .filter((part) => part !== '')
      .join('\n\n')
      .concat('\n')
  }
}

/** The result of a target with those of its service accounts. */
function whole({ result, serviceAccounts }: TargetOutput): string {
  const accounts = serviceAccounts.map((account) => `${account.name} ${account.result}`).join(', ')
  return accounts === '' ? result : `${result}; service accounts: ${accounts}`
}

function withReason(result: string, reason: string | undefined): string {
  return reason === undefined ? result : `${result}: ${reason}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map((cells) => line(cells.map(inline)))].join('\n')
}

/** A block of code, whose fence is longer than any that the text could hold. */
function code(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text.trimEnd().split('\n').map(log.printable).join('\n')}\n${fence}`
}

/** A text on one line that GitHub shows as it is: words of servers must not become links, images or HTML. */
function inline(text: string): string {
  return log
    .printable(text)
    .replace(/[\\*_{}[\]()#!|~@$]/g, '\\$&')
    .replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)
    .replaceAll('://', '&#58;//')
}
