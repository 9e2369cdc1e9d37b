import type { Issuer, ListedCredential, Ownership, StoredCredential } from '../issuer/issuer.ts'
import type { LiveToken } from '../policy/evidence.ts'
import { type MintScope, mintOf } from '../policy/token-description.ts'
import type { Target } from '../pull-secret/target.ts'
import { mask } from '../runner/mask.ts'

/**
 * Asks the issuer which tokens this action minted: anyone who may edit a secret can edit what it records. Each question is
 * asked once.
 */
export class OwnershipCheck {
  readonly #issuer: () => Promise<Issuer>
  readonly #purpose: Omit<MintScope, 'clusters'>
  readonly #ownership = new Map<string, Promise<Ownership>>()
  #listed: Promise<readonly ListedCredential[]> | undefined

  constructor(issuer: () => Promise<Issuer>, purpose: Omit<MintScope, 'clusters'>) {
    this.#issuer = issuer
    this.#purpose = purpose
  }

  /** Of which tokens the run is in charge. */
  scopeOf(targets: readonly Target[]): MintScope {
    return { ...this.#purpose, clusters: [...new Set(targets.map(({ cluster }) => cluster.identity))] }
  }

  /** After a mint, and where a concurrent run may have minted: tokens are listed again when they are needed again. */
  refresh(): void {
    this.#listed = undefined
  }

  /** The tokens that are alive and that this action minted for these targets, or others of their clusters, by id. */
  async live(targets: readonly Target[]): Promise<ReadonlyMap<string, LiveToken>> {
    const scope = this.scopeOf(targets)
    const tokens = (await this.#list()).flatMap(({ id, description }) => {
      const mint = mintOf(description, scope)
      return mint === undefined ? [] : [[id, { ...mint, description }] as const]
    })
    return new Map(tokens)
  }

  /**
   * @returns by the id of the token; `ours` only when the issuer confirms one of its stored values, and its description is
   *   for these clusters
   */
  async of(
    references: readonly StoredCredential[],
    targets: readonly Target[],
  ): Promise<ReadonlyMap<string, Ownership>> {
    const owned = new Map<string, Ownership>()
    for (const reference of references) {
      const ownership = await this.#ask(reference, targets)
      if ((owned.get(reference.id) ?? 'foreign') === 'foreign') owned.set(reference.id, ownership)
    }
    return owned
  }

  /** What the issuer says of the mint of a stored token; undefined when it is not `ours`. */
  async mintOf(stored: StoredCredential, targets: readonly Target[]): Promise<LiveToken | undefined> {
    const ownership = await this.#ask(stored, targets)
    return ownership === 'ours' ? (await this.live(targets)).get(stored.id) : undefined
  }

  async #ask({ id, value }: StoredCredential, targets: readonly Target[]): Promise<Ownership> {
    const key = JSON.stringify([id, value])
    const known = this.#ownership.get(key)
    if (known !== undefined) return await known
    const asked = this.#confirm({ id, value: mask(value, id) }, targets)
    this.#ownership.set(key, asked)
    // A request that fails is sent again when it is needed again.
    asked.catch(() => this.#ownership.delete(key))
    return await asked
  }

  async #confirm(stored: StoredCredential, targets: readonly Target[]): Promise<Ownership> {
    const confirmation = await (await this.#issuer()).confirm(stored)
    if (confirmation !== 'match') return confirmation === 'gone' ? 'gone' : 'foreign'
    if ((await this.live(targets)).has(stored.id)) return 'ours'
    // A concurrent run may have minted it since the tokens were listed.
    this.refresh()
    return (await this.live(targets)).has(stored.id) ? 'ours' : 'foreign'
  }

  async #list(): Promise<readonly ListedCredential[]> {
    this.#listed ??= this.#issuer().then((issuer) => issuer.list())
    const listed = this.#listed
    listed.catch(() => this.refresh())
    return await listed
  }
}
